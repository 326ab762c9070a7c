/**
 * Why a stored sum changed between two data versions. The order is that in which people are told, and in which the
 * changes are let in one after the other where a figure is no sum.
 */
export const classes = {
  definition: 'a changed definition',
  new: 'records of days after the first instant',
  late: 'records that arrived late',
  changed: 'records that were corrected',
  merged: 'records that were merged into others',
  deleted: 'records that were deleted',
  rolled_back: 'records that a rollback took out',
  reattributed: 'records that moved to or from this part',
  repaired: 'a repair of stored numbers',
  unknown: 'changes whose records are no longer kept',
} as const;

export type Class = keyof typeof classes;

export const classOrder = Object.keys(classes) as readonly Class[];
