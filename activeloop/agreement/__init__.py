"""How far people agree on labels, by chance-corrected measures with intervals, and by slice."""

from activeloop.agreement.table import MEASURES as MEASURES
from activeloop.agreement.table import Agreement as Agreement
from activeloop.agreement.table import AgreementRow as AgreementRow
from activeloop.agreement.table import agreement as agreement
