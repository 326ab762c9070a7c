/**
 * Which fields to select: orgs differ in custom fields and currencies, and Salesforce hides fields from a user without
 * a word. So each object is described first; what is needed and not there is a fault that names it.
 */
import { z } from 'zod';
import { type ReadContext, ReadFault } from '../../source.ts';
import type { SalesforceObject } from './object.ts';
import type { SalesforceClient } from './session.ts';

export type Selection = {
  /** SOQL paths, Id and stamps included. */
  paths: string[];
  /** The stamp that orders changes. */
  stamp: string;
  hasIsDeleted: boolean;
  /** Standard fields that are useful and may be hidden, each with whether it is. */
  useful: { path: string; isHidden: boolean }[];
};

const describedShape = z.looseObject({
  fields: z.array(
    z.looseObject({
      name: z.string(),
      relationshipName: z.string().nullish(),
      referenceTo: z.array(z.string()).nullish(),
    }),
  ),
});
type Described = z.infer<typeof describedShape>;

/** Fields that admins add show up within the hour. */
const describedForMs = 3_600_000;

export type Selections = {
  /** Null when the org has no such object and need not have it. Throws ReadFault. */
  of(object: SalesforceObject, client: SalesforceClient, context: ReadContext): Promise<Selection | null>;
  /** Ask anew: the platform says that a field is gone. */
  forget(): void;
};

export function createSelections(): Selections {
  const known = new Map<string, { described: Described | null; at: number }>();

  const told = new Set<string>();

  function tellOnce(object: string, field: string, context: ReadContext): void {
    if (told.has(`${object}.${field}`)) return;
    told.add(`${object}.${field}`);
    context.log.info({ object, field }, 'the org has no such field, or hides it');
  }

  async function describe(
    name: string,
    client: SalesforceClient,
    context: ReadContext,
  ): Promise<Described | null> {
    const kept = known.get(name);
    if (kept && context.now().getTime() - kept.at < describedForMs) return kept.described;
    const described = await describeNow(name, client);
    known.set(name, { described, at: context.now().getTime() });
    return described;
  }

  async function has(
    path: string,
    described: Described,
    client: SalesforceClient,
    context: ReadContext,
  ): Promise<boolean> {
    const [first = '', ...rest] = path.split('.');
    if (rest.length === 0) return described.fields.some((field) => field.name === first);
    const relation = described.fields.find((field) => field.relationshipName === first);
    if (!relation) return false;
    const [target, ...others] = relation.referenceTo ?? [];
    // Whatever an owner is (a user, a queue), it has a name.
    if (rest.join('.') === 'Name' || !target || others.length > 0) return true;
    const parent = await describe(target, client, context);
    return parent !== null && has(rest.join('.'), parent, client, context);
  }

  return {
    async of(object, client, context) {
      const described = await describe(object.name, client, context);
      if (!described) {
        if (object.mayBeAbsent) return null;
        throw new ReadFault(
          'permission_denied',
          `Salesforce shows Herald's user no ${object.name}. Give it read access.`,
        );
      }
      const missing: string[] = [];
      const useful: Selection['useful'] = [];
      const paths = ['Id'];
      const stamps = ['SystemModstamp', 'LastModifiedDate', 'CreatedDate'];
      for (const path of [...stamps, 'IsDeleted', ...object.required, ...object.optional]) {
        const isThere = await has(path, described, client, context);
        if (object.optional.includes(path) && isStandard(path)) useful.push({ path, isHidden: !isThere });
        if (isThere) paths.push(path);
        else if (object.required.includes(path)) missing.push(`${object.name}.${path}`);
        else if (object.optional.includes(path)) tellOnce(object.name, path, context);
      }
      if (missing.length > 0) {
        throw new ReadFault(
          'permission_denied',
          `Salesforce hides ${missing.join(', ')} from Herald's user. Give it read access to these fields.`,
        );
      }
      const stamp = stamps.find((name) => paths.includes(name));
      if (!stamp)
        throw new ReadFault(
          'permission_denied',
          `${object.name} has no modification stamp that Herald may read`,
        );
      return { paths, stamp, hasIsDeleted: paths.includes('IsDeleted'), useful };
    },
    forget: () => known.clear(),
  };
}

/** Every org has it, so what is not described is hidden. Fields of one's own and currencies are there or not. */
const isStandard = (path: string) => !path.endsWith('__c') && !path.endsWith('CurrencyIsoCode');

async function describeNow(name: string, client: SalesforceClient): Promise<Described | null> {
  try {
    const parsed = describedShape.safeParse(await client.get(`${client.root}/sobjects/${name}/describe`));
    if (parsed.success) return parsed.data;
    throw new ReadFault('protocol', `Salesforce described ${name} in a form that Herald does not know`);
  } catch (thrown) {
    if (thrown instanceof ReadFault && thrown.status === 404) return null;
    throw thrown;
  }
}
