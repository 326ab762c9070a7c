/** What changed in the records' own form: written by sync/drift/ as it sees them. */
import type { WatchRule } from '../rule.ts';

const watch = (name: string, severity: WatchRule['severity'], one: string, many: string): WatchRule => ({
  kind: 'watch',
  name,
  severity,
  table: null,
  columns: [],
  one,
  many,
});

export const driftRules = {
  gone: watch(
    'field_gone',
    'warns',
    '1 field that the numbers need is missing',
    '{n} fields that the numbers need are missing',
  ),
  retyped: watch(
    'field_retyped',
    'warns',
    '1 field that the numbers need changed its type',
    '{n} fields that the numbers need changed their type',
  ),
  altered: watch('other_field_changed', 'notes', '1 other field changed', '{n} other fields changed'),
  appeared: watch('field_appeared', 'notes', '1 new field', '{n} new fields'),
  notUnderstood: watch(
    'batch_not_understood',
    'warns',
    'most records of a stream are not understood',
    'most records of {n} streams are not understood',
  ),
  hidden: watch(
    'fields_hidden',
    'warns',
    'a stream is hidden from Herald',
    '{n} streams are hidden from Herald',
  ),
  unseen: watch(
    'field_unseen',
    'notes',
    '1 field is not shown to Herald',
    '{n} fields are not shown to Herald',
  ),
  incomplete: watch(
    'reading_incomplete',
    'warns',
    'records may be missing in 1 place',
    'records may be missing in {n} places',
  ),
} as const satisfies Record<string, WatchRule>;
