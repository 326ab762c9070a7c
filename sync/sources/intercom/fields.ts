/** Field types of Intercom's records. */
import { z } from 'zod';
import { isoOf } from './intercom-stream.ts';

/** Empty text is no value. */
export const text = z
  .string()
  .nullish()
  .transform((value) => value?.trim() || null);

/** Whole seconds since 1970 → ISO. */
export const instant = z
  .int()
  .min(0)
  .max(253_402_300_799)
  .nullish()
  .transform((value) => (value ? isoOf(value) : null));

export const count = z
  .int()
  .nullish()
  .transform((value) => value ?? null);

export const id = z.union([z.string().min(1), z.int()]).transform(String);
