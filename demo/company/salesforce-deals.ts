import { stageFacts } from './deal-life.ts';
import type { Company, Deal, Step } from './model.ts';
import { salesforceStamps } from './salesforce-directory.ts';
import { writeRecord } from './write-record.ts';

/** Opportunities and a history row for each of their steps. */
export function writeDeals(company: Company): void {
  for (const deal of company.deals) {
    for (const step of deal.steps) writeStep(company, deal, step);
    writeOpportunity(company, deal, deal.steps[deal.steps.length - 1]!.at);
  }
}

export function writeOpportunity(company: Company, deal: Deal, changed: number): void {
  const { calendar } = company;
  const last = deal.steps[deal.steps.length - 1]!;
  const facts = stageFacts[last.stage];
  const record = {
    Id: deal.id,
    Name: deal.name,
    AccountId: deal.firm.accountId,
    OwnerId: deal.owner.userId,
    Amount: last.amount,
    CurrencyIsoCode: 'USD',
    StageName: last.stage,
    Probability: facts.probability,
    ForecastCategoryName: facts.category,
    IsClosed: deal.outcome !== 'open',
    IsWon: deal.outcome === 'won',
    CloseDate: calendar.text(last.closeDay),
    LeadSource: deal.source,
    CampaignId: deal.campaign?.id ?? null,
    Type: deal.type,
    Product__c: deal.product,
    LastActivityDate:
      deal.lastActivityAt === null ? null : calendar.text(calendar.dayOf(deal.lastActivityAt)),
    ...salesforceStamps(deal.createdAt, changed),
  };
  writeRecord(company.salesforce, 'Opportunity', deal.id, record, { created: deal.createdAt, changed });
}

export function writeStep(company: Company, deal: Deal, step: Step): void {
  const facts = stageFacts[step.stage];
  const id = company.ids.salesforce('OpportunityHistory');
  const record = {
    Id: id,
    OpportunityId: deal.id,
    StageName: step.stage,
    Amount: step.amount,
    CloseDate: company.calendar.text(step.closeDay),
    Probability: facts.probability,
    ForecastCategory: facts.historyCategory,
    ...salesforceStamps(step.at, step.at),
  };
  company.salesforce.put('OpportunityHistory', id, record, step.at);
}
