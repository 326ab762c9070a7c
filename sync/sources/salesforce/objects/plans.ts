import { minorUnits } from '../../minor-units.ts';
import { allLanes, type SalesforceObject } from '../object.ts';
import { day, money, named, recordOf, text } from '../values.ts';

/** What each person is to sell in a quarter. */
const parseForecastingQuota = recordOf({
  QuotaOwner: named,
  StartDate: day,
  QuotaAmount: money,
  CurrencyIsoCode: text,
});

export const forecastingQuota: SalesforceObject = {
  name: 'ForecastingQuota',
  table: 'quota',
  lanes: allLanes,
  mayBeAbsent: true,
  required: ['StartDate', 'QuotaAmount'],
  optional: ['QuotaOwner.Name', 'CurrencyIsoCode'],
  unify(raw, companyCurrency) {
    const record = parseForecastingQuota(raw);
    const currency = record.CurrencyIsoCode ?? companyCurrency;
    return {
      owner: record.QuotaOwner,
      starts_on: record.StartDate,
      ends_on: record.StartDate && lastDayOfQuarter(record.StartDate),
      amount: minorUnits(record.QuotaAmount, currency),
      currency,
    };
  },
};

/** What each person expected of a period, as noted on a day. */
const parseForecastSnapshot = recordOf({
  Owner: named,
  Period_Start__c: day,
  As_Of__c: day,
  Amount__c: money,
  CurrencyIsoCode: text,
});

export const forecastSnapshot: SalesforceObject = {
  name: 'Forecast_Snapshot__c',
  table: 'forecast',
  lanes: allLanes,
  mayBeAbsent: true,
  required: ['Period_Start__c', 'As_Of__c', 'Amount__c'],
  optional: ['Owner.Name', 'CurrencyIsoCode'],
  unify(raw, companyCurrency) {
    const record = parseForecastSnapshot(raw);
    const currency = record.CurrencyIsoCode ?? companyCurrency;
    return {
      owner: record.Owner,
      period_starts_on: record.Period_Start__c,
      as_of: record.As_Of__c,
      amount: minorUnits(record.Amount__c, currency),
      currency,
    };
  },
};

/** Salesforce gives a quota's first day only; quotas are by quarter. The last day is inclusive. */
function lastDayOfQuarter(firstDay: string): string {
  const [year = 0, month = 1] = firstDay.split('-').map(Number);
  return new Date(Date.UTC(year, month + 2, 0)).toISOString().slice(0, 10);
}
