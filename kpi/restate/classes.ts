/** Why a stored sum changed between two data versions. The order is that in which people are told. */
export const classes = {
  new: 'records of days after the first instant',
  late: 'records that arrived late',
  changed: 'records that were corrected',
  deleted: 'records that were deleted or merged',
  reattributed: 'records that moved to or from this part',
  definition: 'a changed definition',
  repaired: 'a repair of stored numbers',
  unknown: 'changes whose records are no longer kept',
} as const;

export type Class = keyof typeof classes;
