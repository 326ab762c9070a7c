/** What `herald.yaml` may say about an in-house system. Shape only: names are checked against the unified model in `mapping.ts`. */
import { z } from 'zod';
import { faultOfFormat } from './date-format.ts';
import { countedFormats } from './dates.ts';

/** How a source's value becomes a unified column's value. */
export const fieldTypes = [
  'text',
  'integer',
  'money',
  'cents',
  'decimal',
  'date',
  'instant',
  'boolean',
  'enum',
] as const;
export type FieldType = (typeof fieldTypes)[number];

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);

const dateFormat = z.string().superRefine((format, issues) => {
  const fault = countedFormats.includes(format) ? null : faultOfFormat(format);
  if (fault) issues.addIssue({ code: 'custom', message: fault });
});
const dateFormats = z.union([dateFormat, z.array(dateFormat).min(1)]);

const fieldRule = z
  .strictObject({
    field: z.string().min(1).optional(),
    /** Several fields, joined by `join`; empty ones are left out. */
    fields: z.array(z.string().min(1)).min(2).optional(),
    /** Default: a space. */
    join: z.string().optional(),
    /**
     * money: decimal text in major units ("1,234.56"); cents: already integer minor units; enum: only the values listed.
     * May be left out where the unified column leaves no choice.
     */
    type: z.enum(fieldTypes).optional(),
    /** Replacements, from the system's word to ours. */
    values: z.record(z.string(), scalar).optional(),
    /** Texts that mean "no value" in this field. */
    empty: z.array(z.string()).optional(),
    /** Used when the source's value is empty, and for an enum's unlisted values. */
    default: scalar.optional(),
    /** The same value for every record; no field is read. */
    constant: scalar.optional(),
    /** What this field's dates look like, where they differ from the source's. */
    dateFormat: dateFormats.optional(),
    /** Multiplies a number: 1000 for amounts in thousands, 100 where 0.25 means 25 percent. */
    scale: z.int().min(2).max(1_000_000).optional(),
    /** Another field of the record whose number multiplies this one: `times: Quantity` beside a price of one piece. */
    times: z.string().min(1).optional(),
    /** Decimal places of the currency's minor unit. Default: the record's currency's (2 for EUR, 0 for JPY). */
    minorDigits: z.int().min(0).max(4).optional(),
    /** Round numbers that are finer than the unit (half away from zero) instead of refusing them. */
    round: z.boolean().optional(),
  })
  .refine(
    (rule) => [rule.field, rule.fields, rule.constant].filter((given) => given !== undefined).length === 1,
    {
      message: 'needs one of `field`, `fields` and `constant`',
    },
  );

export type FieldRule = z.infer<typeof fieldRule>;

/** Fields and what they hold; several values are alternatives, `null` is the empty field. */
const rowConditions = z.record(z.string().min(1), z.union([scalar, z.array(scalar).min(1)]));

const mapped = {
  /** Unified table that the stream fills. */
  entity: z.string().min(1),
  /** Unified column → the system's column, or a rule. `external_ids.<system>` fills one entry. */
  map: z.record(z.string(), z.union([z.string().min(1), fieldRule])),
  /** Only records of which all of this holds are facts. */
  where: rowConditions.optional(),
  /** A record of which any of this holds is deleted: `{ _fivetran_deleted: true }`. */
  deletedWhen: rowConditions.optional(),
  /** Streams that must be read first. */
  after: z.array(z.string()).optional(),
};

const tombstones = z
  .strictObject({
    table: z.string().min(1),
    /** Column with the id of the deleted row. */
    keyColumn: z.string().min(1),
    deletedAt: z.string().min(1),
    /** Where one table holds the tombstones of many: the column that names the table, and this table's name there. */
    tableColumn: z.string().min(1).optional(),
    tableName: z.string().min(1).optional(),
  })
  .refine((t) => (t.tableColumn === undefined) === (t.tableName === undefined), {
    message: '`tableColumn` and `tableName` go together',
  });

const tableStream = z.strictObject({
  ...mapped,
  /** `table` or `schema.table`; a view will do. */
  table: z.string().min(1),
  key: z.string().min(1),
  /** Column (timestamp or timestamptz) that every insert and update moves. */
  updatedAt: z.string().min(1),
  tombstones: tombstones.optional(),
});

/** For files: a record is named by its place in the file, because nothing in it names it. */
export const lineKey = '$line';

/** One field, or several that only together name a record. */
const key = z.union([z.string().min(1), z.array(z.string().min(1)).min(2)]);

const fileStream = z.strictObject({
  ...mapped,
  /** File name inside the folder. */
  file: z
    .string()
    .min(1)
    .refine((file) => !/[/\\]|^\.\.?$/.test(file), {
      message: 'is a file name inside `folder`, without a path',
    }),
  /** Field or fields, or `$line`. */
  key,
  /** Field with the record's own modification stamp, when it has one. */
  updatedAt: z.string().min(1).optional(),
  encoding: z.enum(['utf-8', 'utf-16le', 'windows-1252']).default('utf-8'),
});

const shapes = {
  /** What dates look like, e.g. DD/MM/YYYY, or several in the order in which to try them. ISO is always understood. */
  dateFormat: dateFormats.optional(),
  /** Texts that mean "no value", e.g. ["-", "n/a"]; the empty text always does. */
  empty: z.array(z.string()).default([]),
  /** Decimal sign of numbers; found from each number when left out, and asked for where that is impossible. */
  decimal: z.enum(['.', ',']).optional(),
  /** Time zone of stamps that carry none. */
  timeZone: z.string().default('UTC'),
};

const title = z.string().min(1).optional();

const postgresSettings = z.strictObject({
  kind: z.literal('postgres'),
  title,
  url: z.string().regex(/^postgres(ql)?:\/\//, { message: 'is a postgres:// address' }),
  streams: z.record(z.string(), tableStream),
  timeZone: z.string().default('UTC'),
  empty: z.array(z.string()).default([]),
  /** Read only rows older than this many seconds. Left out, the oldest transaction still running there sets the limit. */
  settleSeconds: z.number().min(0).max(86_400).optional(),
  pageSize: z.int().min(1).max(5_000).default(2_000),
  statementTimeoutSeconds: z.number().min(1).max(3_600).default(60),
});

const csvSettings = z.strictObject({
  kind: z.literal('csv'),
  title,
  folder: z.string().min(1),
  streams: z.record(
    z.string(),
    z.strictObject({ ...fileStream.shape, delimiter: z.string().length(1).optional() }),
  ),
  ...shapes,
});

const jsonlSettings = z.strictObject({
  kind: z.literal('jsonl'),
  title,
  folder: z.string().min(1),
  streams: z.record(z.string(), fileStream),
  ...shapes,
});

const endpointStream = z.strictObject({
  ...mapped,
  /** Path under `baseUrl`, with any fixed query. */
  path: z.string().startsWith('/'),
  key,
  updatedAt: z.string().min(1).optional(),
  /** Dotted path to the list in the reply; left out when the reply is the list. */
  list: z.string().min(1).optional(),
  /** How further pages are asked for; left out when one reply holds everything. */
  pages: z
    .discriminatedUnion('by', [
      /** The reply names the cursor of the next page; absent or empty on the last. */
      z.strictObject({ by: z.literal('cursor'), param: z.string().min(1), next: z.string().min(1) }),
      /** 1, 2, 3… until a page is empty. */
      z.strictObject({ by: z.literal('number'), param: z.string().min(1), first: z.int().default(1) }),
      /** 0, 100, 200… by the number of records so far, until a page is empty. */
      z.strictObject({ by: z.literal('offset'), param: z.string().min(1) }),
      /** The reply's `Link` header names the next page (RFC 8288, rel="next"). */
      z.strictObject({ by: z.literal('link') }),
      /** The reply holds the address of the next page at this path. */
      z.strictObject({ by: z.literal('url'), next: z.string().min(1) }),
    ])
    .optional(),
  /** Query parameter that takes the last `updatedAt` seen; without it every read is a full one. */
  sinceParam: z.string().min(1).optional(),
});

const httpSettings = z
  .strictObject({
    kind: z.literal('http'),
    title,
    baseUrl: z.url({ protocol: /^https?$/ }),
    headers: z.record(z.string(), z.string()).default({}),
    /** How `token` (or `user` and `password`) is shown; bearer unless said. */
    auth: z
      .discriminatedUnion('by', [
        z.strictObject({ by: z.literal('bearer') }),
        z.strictObject({ by: z.literal('basic') }),
        z.strictObject({ by: z.literal('header'), name: z.string().min(1) }),
        z.strictObject({ by: z.literal('query'), name: z.string().min(1) }),
      ])
      .optional(),
    token: z.string().min(1).optional(),
    user: z.string().min(1).optional(),
    password: z.string().optional(),
    /** Hosts that may lie in a private network: an in-house service by its name, or by its address. */
    allowPrivate: z.array(z.string().min(1)).default([]),
    perSecond: z.number().positive().default(5),
    streams: z.record(z.string(), endpointStream),
    ...shapes,
  })
  .superRefine(({ auth, token, user }, issues) => {
    if (auth?.by === 'basic') {
      if (!user)
        issues.addIssue({ code: 'custom', path: ['user'], message: 'is needed for `auth: { by: basic }`' });
    } else if (auth && !token) {
      issues.addIssue({
        code: 'custom',
        path: ['token'],
        message: `is needed for \`auth: { by: ${auth.by} }\``,
      });
    }
  });

/** Settings of one in-house system, as they stand under `sources` in herald.yaml. */
export const customSettings = z.discriminatedUnion('kind', [
  postgresSettings,
  csvSettings,
  jsonlSettings,
  httpSettings,
]);

export type CustomSettings = z.input<typeof customSettings>;
export type CheckedSettings = z.infer<typeof customSettings>;
export type PostgresSettings = z.infer<typeof postgresSettings>;
export type TableStream = z.infer<typeof tableStream>;
export type FileSettings = z.infer<typeof csvSettings> | z.infer<typeof jsonlSettings>;
export type FileStream = z.infer<typeof fileStream> & { delimiter?: string | undefined };
export type HttpSettings = z.infer<typeof httpSettings>;
export type EndpointStream = z.infer<typeof endpointStream>;
/** What a mapping needs to know of a stream. */
export type StreamSettings = {
  entity: string;
  map: Record<string, string | FieldRule>;
  where?: RowConditions | undefined;
  deletedWhen?: RowConditions | undefined;
};
export type Wanted = z.infer<typeof scalar>;
export type RowConditions = z.infer<typeof rowConditions>;
