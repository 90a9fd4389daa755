// SPDX-License-Identifier: MIT

/// What DashScope's codes mean, in both of their spellings. `insufficient_quota` is a rate here, and not money.
public enum DashScopeErrors {
    /// The map.
    public static let map = ErrorMap([
        ErrorMap.Rule(.quota, text: "Free allocated quota exceeded"),
        ErrorMap.Rule(.quota, ["AllocationQuota.FreeTierOnly", "Arrearage", "CommodityNotPurchased"]),
        ErrorMap.Rule(.quota, ["PrepaidBillOverdue", "PostpaidBillOverdue"]),
        ErrorMap.Rule(.rateLimit, ["insufficient_quota", "Throttling", "Throttling.AllocationQuota"]),
        ErrorMap.Rule(.rateLimit, ["Throttling.RateQuota", "LimitRequests", "limit_requests"]),
        ErrorMap.Rule(.rateLimit, ["Throttling.BurstRate", "limit_burst_rate"]),
        ErrorMap.Rule(.contentFilter, ["DataInspectionFailed", "data_inspection_failed", "CustomRoleBlocked"]),
        ErrorMap.Rule(.contentFilter, ["FaqRuleBlocked", "IPInfringementSuspect"]),
        ErrorMap.Rule(.badKey, ["InvalidApiKey", "invalid_api_key", "NOT AUTHORIZED"]),
        ErrorMap.Rule(.denied, ["AccessDenied", "access_denied", "Workspace.AccessDenied", "App.AccessDenied"]),
        ErrorMap.Rule(.denied, ["AccessDenied.Unpurchased"]),
        ErrorMap.Rule(.notFound, ["ModelNotFound", "model_not_found", "model_not_supported", "Model.AccessDenied"]),
        ErrorMap.Rule(.overloaded, ["ModelServingError", "ModelUnavailable"]),
        ErrorMap.Rule(.outage, ["InternalError", "internal_error", "InternalError.Algo", "InternalError.Timeout"]),
        ErrorMap.Rule(.outage, ["SystemError", "ModelServiceFailed", "RequestTimeOut"]),
        ErrorMap.Rule(.contextOverflow, text: "Range of input length should be"),
        ErrorMap.Rule(.badRequest, ["InvalidParameter", "invalid_parameter_error", "BadRequest.EmptyInput"]),
    ])
}
