/** A stream's form as known, against a sample of its newest records: what drifted, and what is known now. */
import { fieldsOf, type JsonType } from './fields.ts';

export type Field = {
  path: string;
  /** Types seen, in order of their first appearance; none while it was always null. */
  types: JsonType[];
  /** Of the newest value. */
  type: JsonType | null;
  needed: boolean;
  /** Samples that had it, null or not. */
  seen: number;
  /** The stream's count of samples when it was last there. */
  at_record: number;
};

export type Drift =
  | { kind: 'gone'; field: Field }
  | { kind: 'retyped'; field: Field; was: JsonType; is: JsonType }
  | { kind: 'appeared'; field: Field }
  | { kind: 'back'; field: Field };

/** Samples after which a form counts as known. */
const KNOWN = 20;
/** A field that was in at least this share of the samples is expected in each. */
const ALWAYS = 0.95;
/** Samples without it in a row that make it gone. */
const MISSING = 5;

export function compareShape(
  known: ReadonlyMap<string, Field>,
  sampled: number,
  sample: readonly unknown[],
  needed: (path: string) => boolean,
): { drifts: Drift[]; fields: Field[] } {
  const forms = sample.map(fieldsOf);
  const total = sampled + sample.length;
  const drifts: Drift[] = [];
  const fields: Field[] = [];
  for (const path of new Set([...known.keys(), ...forms.flatMap((form) => [...form.keys()])])) {
    const before = known.get(path);
    const having = forms.filter((form) => form.has(path));
    if (having.length === 0) {
      const gone =
        before &&
        sampled >= KNOWN &&
        before.seen >= ALWAYS * before.at_record &&
        total - before.at_record >= MISSING;
      if (gone) drifts.push({ kind: 'gone', field: before });
      continue;
    }
    const types = [...new Set(having.flatMap((form) => form.get(path) ?? []))];
    const type = having.map((form) => form.get(path)).findLast((each) => each) ?? before?.type ?? null;
    const field: Field = {
      path,
      types: [...new Set([...(before?.types ?? []), ...types])],
      type,
      needed: before?.needed || (types.length > 0 && !before?.type && needed(path)),
      seen: (before?.seen ?? 0) + having.length,
      at_record: total,
    };
    fields.push(field);
    const news = types.find((each) => before && before.types.length > 0 && !before.types.includes(each));
    if (!before && sampled >= KNOWN) drifts.push({ kind: 'appeared', field });
    else if (before && news && sampled >= KNOWN)
      drifts.push({ kind: 'retyped', field, was: before.type!, is: news });
    // The usual form again, and nothing but it.
    else if (before && types.every((each) => each === field.types[0])) drifts.push({ kind: 'back', field });
  }
  return { drifts, fields };
}
