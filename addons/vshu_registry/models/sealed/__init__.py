from . import vshu_document_type_sealed
from . import vshu_document_sealed
from . import vshu_sealed
from . import vshu_sealed_reading
from . import vshu_recommendation
from . import vshu_recommendation_line
from . import vshu_recommendation_reading
from . import vshu_case_sealed
