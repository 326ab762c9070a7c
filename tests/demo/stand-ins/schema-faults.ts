/** Holds a value against the part of OpenAPI 3.0 that published descriptions are written in; says where it does not fit. */
type Schema = {
  $ref?: string;
  type?: string;
  nullable?: boolean;
  enum?: unknown[];
  required?: string[];
  properties?: Record<string, Schema>;
  items?: Schema;
  allOf?: Schema[];
  anyOf?: Schema[];
  oneOf?: Schema[];
};
export type Description = { components: { schemas: Record<string, Schema> } };

export function schemaFaults(description: Description, name: string, value: unknown): string[] {
  const resolve = (schema: Schema): Schema => {
    if (schema.$ref === undefined) return schema;
    const target = description.components.schemas[schema.$ref.split('/').at(-1)!];
    if (!target) throw new Error(`the fixture lacks ${schema.$ref}`);
    return { ...resolve(target), ...(schema.nullable === undefined ? {} : { nullable: schema.nullable }) };
  };
  const faultsOf = (given: Schema, at: unknown, place: string): string[] => {
    const schema = resolve(given);
    if (at === null) return schema.nullable ? [] : [`${place} is null`];
    const parts = (schema.allOf ?? []).flatMap((part) => faultsOf(part, at, place));
    for (const choice of [schema.anyOf, schema.oneOf]) {
      if (choice && !choice.some((part) => faultsOf(part, at, place).length === 0))
        parts.push(`${place} fits none of its forms`);
    }
    if (schema.type && !isA(schema.type, at)) return [...parts, `${place} is no ${schema.type}`];
    if (schema.enum && !schema.enum.includes(at)) parts.push(`${place} is ${JSON.stringify(at)}`);
    if (Array.isArray(at))
      return [...parts, ...at.flatMap((item, i) => faultsOf(schema.items ?? {}, item, `${place}[${i}]`))];
    if (typeof at !== 'object') return parts;
    const record = at as Record<string, unknown>;
    const missing = (schema.required ?? [])
      .filter((key) => !(key in record))
      .map((key) => `${place}.${key} is missing`);
    const wrong = Object.entries(schema.properties ?? {}).flatMap(([key, part]) =>
      key in record ? faultsOf(part, record[key], `${place}.${key}`) : [],
    );
    return [...parts, ...missing, ...wrong];
  };
  return faultsOf({ $ref: name }, value, name);
}

function isA(type: string, value: unknown): boolean {
  switch (type) {
    case 'array':
      return Array.isArray(value);
    case 'object':
      return typeof value === 'object' && !Array.isArray(value);
    case 'integer':
      return Number.isInteger(value);
    default:
      return Object.is(typeof value, type);
  }
}
