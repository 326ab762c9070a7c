/** The ledger as a FROM item: as it is, or as it was at a data version, which becomes one of the statement's `values`. */
export function ledgerAt(asOf: number | null, values: unknown[]): string {
  if (asOf === null) return 'ledger';
  values.push(asOf);
  const columns = 'tenant, customer, day, region, segment, owner, source, plan, product';
  // Summed to what the rows were then: a row and its later removal would pass for two movements.
  return `(select ${columns}, sum(value)::bigint as value from (
    select ${columns}, value from ledger union all select ${columns}, -value from ledger_delta where seq > $${values.length}) l
    group by ${columns} having sum(value) <> 0)`;
}
