/** Objects, fields, types and relationships of the stand-in's org. */
import { objects } from '../../company/records.ts';
import { ApiFault } from './api-fault.ts';

export type FieldType = 'id' | 'reference' | 'string' | 'boolean' | 'double' | 'date' | 'datetime';
export type ObjectName = keyof typeof objects.salesforce;

const stamps = ['CreatedDate', 'LastModifiedDate', 'SystemModstamp', 'IsDeleted'];
const instants = new Set(['CreatedDate', 'LastModifiedDate', 'SystemModstamp']);
const numbers = new Set(['Amount', 'Probability', 'BudgetedCost', 'ActualCost', 'QuotaAmount', 'Amount__c']);
const dates = new Set([
  'CloseDate',
  'StartDate',
  'EndDate',
  'ActivityDate',
  'LastActivityDate',
  'ConvertedDate',
  'FirstRespondedDate',
  'Period_Start__c',
  'As_Of__c',
]);

/** Reference field → relationship name and the object behind it. MasterRecordId leads to an object of the same kind and is left out. */
const references: Record<string, { relationship: string; to: ObjectName }> = {
  OwnerId: { relationship: 'Owner', to: 'User' },
  QuotaOwnerId: { relationship: 'QuotaOwner', to: 'User' },
  AccountId: { relationship: 'Account', to: 'Account' },
  ContactId: { relationship: 'Contact', to: 'Contact' },
  LeadId: { relationship: 'Lead', to: 'Lead' },
  CampaignId: { relationship: 'Campaign', to: 'Campaign' },
  OpportunityId: { relationship: 'Opportunity', to: 'Opportunity' },
};

export function objectNamed(name: string): ObjectName {
  const found = Object.keys(objects.salesforce).find((object) => object.toLowerCase() === name.toLowerCase());
  if (found) return found as ObjectName;
  throw new ApiFault(400, 'INVALID_TYPE', `sObject type '${name}' is not supported.`);
}

export function fieldsOf(object: ObjectName): string[] {
  return [...new Set([...objects.salesforce[object], ...stamps])];
}

export function typeOf(field: string): FieldType {
  if (field === 'Id') return 'id';
  if (/Id$/.test(field)) return 'reference';
  if (instants.has(field)) return 'datetime';
  if (dates.has(field)) return 'date';
  if (numbers.has(field)) return 'double';
  return /^(Is|Has)[A-Z]/.test(field) ? 'boolean' : 'string';
}

/** A path such as Opportunity.Owner.Name, walked through its references to the field at its end. */
export type Path = {
  steps: { reference: string; relationship: string; to: ObjectName }[];
  field: string;
  type: FieldType;
};

export function resolvePath(object: ObjectName, path: string): Path {
  const names = path.split('.');
  const steps: Path['steps'] = [];
  let here = object;
  for (const relationship of names.slice(0, -1)) {
    const step = fieldsOf(here)
      .filter((field) => references[field]?.relationship.toLowerCase() === relationship.toLowerCase())
      .map((reference) => ({ reference, ...references[reference]! }))[0];
    if (!step) {
      throw new ApiFault(
        400,
        'INVALID_FIELD',
        `Didn't understand relationship '${relationship}' in field path.`,
      );
    }
    steps.push(step);
    here = step.to;
  }
  const last = names.at(-1)!;
  const field = fieldsOf(here).find((candidate) => candidate.toLowerCase() === last.toLowerCase());
  if (!field) throw new ApiFault(400, 'INVALID_FIELD', `No such column '${last}' on entity '${here}'.`);
  return { steps, field, type: typeOf(field) };
}

/** What /describe says, as far as connectors read it. */
export function describeObject(object: ObjectName): object {
  return {
    name: object,
    queryable: true,
    fields: fieldsOf(object).map((name) => ({
      name,
      type: typeOf(name),
      relationshipName: references[name]?.relationship ?? null,
      referenceTo: references[name] ? [references[name].to] : [],
    })),
  };
}
