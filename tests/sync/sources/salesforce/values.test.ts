import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { dateIn } from '../../../../sync/sources/date-in.ts';
import {
  day,
  dayOrInstant,
  domainOf,
  instant,
  recordOf,
  text,
} from '../../../../sync/sources/salesforce/values.ts';

describe('Salesforce values', () => {
  it.each([
    ['https://www.Acme.com/eu?x=1', 'acme.com'],
    ['acme.co.uk', 'acme.co.uk'],
    ['HTTP://Shop.Acme.com:8080', 'shop.acme.com'],
    ['müller.de', 'xn--mller-kva.de'],
    ['n/a', null],
    ['localhost', null],
    ['192.168.1.1', null],
    ['not a site', null],
    [null, null],
  ])('makes of the website %s the domain %s', (website, domain) => {
    expect(domainOf(website)).toBe(domain);
  });

  it('reads instants in Salesforce’s form', () => {
    expect(instant.parse('2026-11-01T09:30:00.000+0000')).toBe('2026-11-01T09:30:00.000Z');
  });

  it('does not shift a date', () => {
    expect([day.parse('2026-03-29'), day.parse('2026-03-29T23:59:00.000+0000')]).toEqual([
      '2026-03-29',
      '2026-03-29',
    ]);
  });

  it.each(['Pacific/Honolulu', 'America/New_York', 'UTC', 'Asia/Tokyo', 'Pacific/Auckland'])(
    'keeps a mere date on its day in %s, winter and summer',
    (zone) => {
      for (const date of ['2026-01-15', '2026-07-15'])
        expect(dateIn(dayOrInstant.parse(date), zone)).toBe(date);
    },
  );

  it('tells on which of the company’s days an instant falls', () => {
    expect([
      dateIn('2026-11-01T02:30:00.000Z', 'America/New_York'),
      dateIn('2026-11-01T02:30:00.000Z', 'UTC'),
      dateIn(null, 'UTC'),
    ]).toEqual(['2026-10-31', '2026-11-01', null]);
  });

  it('takes empty text for none', () => {
    expect([text.parse(''), text.parse('  '), text.parse(undefined), text.parse(' a ')]).toEqual([
      null,
      null,
      null,
      'a',
    ]);
  });

  it('names every field that does not fit', () => {
    const parse = recordOf({ Name: text, CloseDate: day, Won: z.boolean() });
    expect(() => parse({ Name: 5, CloseDate: 'soon', Won: true })).toThrow(
      /Name: .*; CloseDate: expected a date, got "soon"/,
    );
  });

  it('lets fields pass that it does not know', () => {
    expect(recordOf({ Name: text })({ Name: 'A', Extra__c: 1 })).toMatchObject({ Name: 'A' });
  });
});
