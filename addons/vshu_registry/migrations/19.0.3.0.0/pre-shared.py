"""Codes of ends of an enrolment are unique for each school now: the constraint over all of them goes."""


def migrate(cr, version):
    cr.execute("ALTER TABLE vshu_enrollment_end_reason DROP CONSTRAINT IF EXISTS vshu_enrollment_end_reason_code_uniq")
