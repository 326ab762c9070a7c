/**
 * Forty KPIs that a company of this kind asks for most: the standard ones of sales, marketing, recurring revenue and
 * support. Those that read single records when asked (attribution, predicted value, ways through stages) are measured
 * among all.
 */
export const forty: ReadonlySet<string> = new Set(
  `pipeline_created open_pipeline weighted_pipeline bookings deals_won deals_lost win_rate average_deal sales_cycle
  sales_velocity pipeline_coverage quota_attainment forecast_accuracy
  new_leads mqls mql_to_sql sql_to_opportunity lead_to_customer cost_per_lead cac email_open_rate
  mrr arr net_new_mrr churn revenue_churn nrr grr arpa ltv ltv_to_cac cac_payback quick_ratio dso
  tickets_created backlog first_response resolution_median csat sla_attainment`.split(/\s+/),
);
