from . import vshu_intervention_kind
from . import vshu_school_contacts
from . import vshu_intervention_checks
from . import vshu_intervention_flow
from . import vshu_intervention
from . import vshu_case_intervention
from . import res_partner_interventions
from . import vshu_intervention_mine
