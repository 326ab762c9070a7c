import { writeBilling } from './billing.ts';
import { blemish } from './blemishes.ts';
import { createCalendar } from './calendar.ts';
import { planCampaigns, writeCampaigns } from './campaigns.ts';
import { planContractChanges } from './contract-changes.ts';
import { writeConversations } from './conversations.ts';
import { planCustomers } from './customers.ts';
import { planNewBusiness } from './deals.ts';
import { writeHubspotDirectory } from './hubspot-directory.ts';
import { createIdentifiers } from './identifiers.ts';
import { writeIntercomDirectory } from './intercom-directory.ts';
import { writeInvoices } from './invoices.ts';
import { writeMarketingEmails } from './marketing-emails.ts';
import type { Company } from './model.ts';
import { planPeople } from './people.ts';
import { writeQuotas } from './quotas.ts';
import { createRandom } from './random.ts';
import type { World, WorldOptions } from './records.ts';
import { writeDeals } from './salesforce-deals.ts';
import { writeSalesforceDirectory } from './salesforce-directory.ts';
import { writeSpend } from './spend.ts';
import { planStaff, writeStaff } from './staff.ts';
import { createStore } from './store.ts';
import { tellStories } from './stories.ts';
import { writeSurveys } from './surveys.ts';
import { writeTasks } from './tasks.ts';
import { createTick } from './tick.ts';
import { writeTickets } from './tickets.ts';
import { writeTouches } from './touches.ts';
import { writeZendeskDirectory } from './zendesk-directory.ts';

/**
 * Builds the company: first what happened (staff, campaigns, firms, deals, customers, people), then what each
 * system wrote down about it. Everything follows from the options; nothing reads a clock.
 */
export function createWorld(options: WorldOptions): World {
  const company: Company = {
    options,
    calendar: createCalendar(options),
    ids: createIdentifiers(),
    random: (stream) => createRandom(options.seed, stream),
    salesforce: createStore(),
    hubspot: createStore(),
    zendesk: createStore(),
    intercom: createStore(),
    billing: createStore(),
    files: createStore(),
    staff: [],
    campaigns: [],
    firms: [],
    people: [],
    deals: [],
    customers: [],
  };
  const plans = [planStaff, planCampaigns, planNewBusiness, planCustomers, planContractChanges, planPeople];
  // Organizations and companies before their people; tasks before deals, which carry the day of the last one.
  const writes = [
    writeStaff,
    writeCampaigns,
    writeSalesforceDirectory,
    writeTasks,
    writeDeals,
    writeTouches,
    writeHubspotDirectory,
    writeMarketingEmails,
    writeZendeskDirectory,
    writeTickets,
    writeIntercomDirectory,
    writeConversations,
    writeBilling,
    writeInvoices,
    writeSpend,
    writeQuotas,
    writeSurveys,
    blemish,
  ];
  for (const step of [...plans, ...writes]) step(company);

  const { salesforce, hubspot, zendesk, intercom, billing, files } = company;
  return {
    options,
    salesforce,
    hubspot,
    zendesk,
    intercom,
    billing,
    files,
    stories: tellStories(company.calendar),
    tick: createTick(company),
  };
}
