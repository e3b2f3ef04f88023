"""Ends of an enrolment that a school had made for itself become its own; those of the addon are read-only now."""

from odoo import SUPERUSER_ID, api
from odoo.tools import SQL


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {"active_test": False})
    rows = env.execute_query(
        SQL(
            """SELECT r.id, array_remove(array_agg(DISTINCT e.company_id), NULL), u.company_id
                 FROM vshu_enrollment_end_reason r
                 LEFT JOIN vshu_enrollment e ON e.end_reason_id = r.id
                 LEFT JOIN res_users u ON u.id = r.create_uid
                WHERE r.company_id IS NULL
                  AND NOT EXISTS (SELECT FROM ir_model_data d
                                   WHERE d.model = 'vshu.enrollment.end.reason' AND d.res_id = r.id)
                GROUP BY r.id, u.company_id"""
        )
    )
    for reason_id, users, author_company in rows:
        # one that several schools use stays with all of them
        if len(users) < 2 and (company := users[0] if users else author_company):
            env.execute_query(
                SQL(
                    "UPDATE vshu_enrollment_end_reason SET company_id = %s WHERE id = %s RETURNING id",
                    company,
                    reason_id,
                )
            )
