"""Work on many cases, and what is owed: batches, jobs, exports, imports, mitigations, debt."""

from api.routing import NUMBER, REFERENCE, route
from api.views import debt, exports, imports, jobs, mitigations

routes = [
    route("jobs", jobs.JobList, "job-list"),
    route(rf"jobs/{NUMBER}", jobs.OneJob, "job"),
    route(rf"jobs/{NUMBER}/cancel", jobs.CancelJob, "job-cancel"),
    route(rf"jobs/{NUMBER}/rows", jobs.JobRows, "job-rows"),
    route("exports", exports.ExportList, "export-list"),
    route(rf"exports/{NUMBER}", exports.OneExport, "export"),
    route(rf"exports/{NUMBER}/file", exports.ExportFile, "export-file"),
    route("imports", imports.Imports, "import"),
    route("mitigations", mitigations.MitigationList, "mitigation-list"),
    route(rf"mitigations/{NUMBER}", mitigations.OneMitigation, "mitigation"),
    route(rf"mitigations/{NUMBER}/cases/{REFERENCE}", mitigations.AnsweredCase, "mitigation-case"),
    route(rf"cases/{REFERENCE}/mitigations", mitigations.CaseMitigations, "case-mitigations"),
    route("debt", debt.Debt, "debt"),
    route("debt/cases", debt.DebtCases, "debt-cases"),
    route(rf"cases/{REFERENCE}/debt", debt.CaseDebt, "case-debt"),
    route(rf"cases/{REFERENCE}/debt/acceptance", debt.DebtAcceptance, "case-debt-acceptance"),
]
