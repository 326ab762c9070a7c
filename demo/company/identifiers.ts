const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const CHECK = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345';

/**
 * Salesforce's key prefixes.
 * 'a0F' is the prefix that an org's first custom objects get; the others are fixed by the platform.
 */
export const prefixes = {
  User: '005',
  Account: '001',
  Contact: '003',
  Lead: '00Q',
  Campaign: '701',
  CampaignMember: '00v',
  Opportunity: '006',
  OpportunityHistory: '008',
  Task: '00T',
  ForecastingQuota: '0J9',
  Forecast_Snapshot__c: 'a0F',
} as const;

export type SalesforceObject = keyof typeof prefixes;

/** 15 characters and the three that make it safe where case is ignored: a bit per capital, five bits to a character. */
function salesforceId(prefix: string, n: number): string {
  let tail = '';
  for (let left = n; left > 0; left = Math.floor(left / 62)) tail = BASE62[left % 62] + tail;
  const id = `${prefix}Qy0000${tail.padStart(6, '0')}`;
  let check = '';
  for (let chunk = 0; chunk < 15; chunk += 5) {
    let bits = 0;
    for (let i = 0; i < 5; i++) {
      const c = id.charCodeAt(chunk + i);
      if (c >= 65 && c <= 90) bits |= 1 << i;
    }
    check += CHECK[bits];
  }
  return id + check;
}

/** Gives each system's next id, in the platform's own look. */
export type Identifiers = {
  salesforce(object: SalesforceObject): string;
  hubspot(object: string): string;
  zendesk(object: string): number;
  /** 24 hexadecimal digits, as contacts and companies have. */
  intercom(object: string): string;
  /** Digits, as conversations and admins have. */
  intercomNumber(object: string): string;
  /** `prefix` and a running number, as the billing department writes them. */
  billing(prefix: string): string;
};

export function createIdentifiers(): Identifiers {
  const counters = new Map<string, number>();
  const next = (name: string) => {
    const n = (counters.get(name) ?? 0) + 1;
    counters.set(name, n);
    return n;
  };
  return {
    salesforce: (object) => salesforceId(prefixes[object], next(`sf ${object}`)),
    hubspot: (object) => String(51_000_000_000 + next(`hs ${object}`) * 17),
    zendesk: (object) => (object === 'tickets' ? 1000 : 360_000_000_000) + next(`zd ${object}`),
    intercom: (object) => `66${(0xa1b2c3 + next(`ic ${object}`) * 0x10001).toString(16).padStart(22, '0')}`,
    intercomNumber: (object) => String(2_000_000 + next(`ic ${object}`)),
    billing: (prefix) => `${prefix}_${String(100_000 + next(`billing ${prefix}`))}`,
  };
}
