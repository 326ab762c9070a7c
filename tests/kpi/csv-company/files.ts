/** The company's records as its systems export them, with what real exports have: other formats, blanks, duplicates, wrong rows. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Company, Day } from './records.ts';

type Cell = string | number | null;
export type Wrong = { source: string; stream: string };

const dotted = (day: Day, i: number) => {
  const [year, month, date] = day.split('-') as [string, string, string];
  return i % 3 === 0 ? `${Number(date)}.${Number(month)}.${year.slice(2)}` : `${date}.${month}.${year}`;
};
const german = (cents: number, i: number) => {
  const text = (cents / 100).toLocaleString('de-DE', { minimumFractionDigits: 2, useGrouping: i % 2 === 0 });
  return i % 5 === 0 ? `${text} €` : text;
};
const plain = (cents: number) => (cents / 100).toFixed(2);
/** With and without zone, as different tools write it; without one it is UTC in this source. */
const stamp = (iso: string, i: number) =>
  [
    iso,
    iso.slice(0, 19),
    `${iso.slice(0, 10)} ${iso.slice(11, 19)}`,
    `${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC`,
    `${iso.slice(0, 19)}+00:00`,
  ][i % 5]!;
const truth = (yes: boolean, i: number) =>
  (yes ? ['TRUE', 'true', '1', 'yes'] : ['FALSE', 'false', '0', 'no'])[i % 4]!;
const mark = (yes: boolean, i: number) => (yes ? ['TRUE', 'true'] : ['FALSE', 'false'])[i % 2]!;

const cell = (value: Cell, comma: string) => {
  const text = value === null ? '' : String(value);
  return text.includes(comma) || /["\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};

/** Writes both folders; returns how many rows of each stream cannot be read. */
export function writeCompany(erp: string, warehouse: string, company: Company): Wrong[] {
  const wrong: Wrong[] = [];
  const put = (
    folder: string,
    file: string,
    header: string,
    rows: readonly (readonly Cell[])[],
    bad: readonly string[] = [],
  ) => {
    const comma = folder === erp ? ';' : ',';
    const lines = rows.map((row) => row.map((value) => cell(value, comma)).join(comma));
    // An early copy of the first row with another last cell: the later one counts.
    const early = [...lines.slice(0, 1)];
    const mark = folder === erp && file === 'kunden.csv' ? '\uFEFF' : '';
    writeFileSync(
      path.join(folder, file),
      `${mark}${[header.replaceAll(',', comma), ...early, ...bad, ...lines].join(folder === erp ? '\r\n' : '\n')}\n`,
    );
  };
  const bad = (source: string, stream: string, ...lines: string[]) => {
    for (const _line of lines) wrong.push({ source, stream });
    return lines;
  };
  const {
    accounts,
    contracts,
    invoices,
    payments,
    costs,
    deals,
    quotas,
    calls,
    people,
    touches,
    mailings,
    tickets,
    verdicts,
    chats,
    answers,
  } = company;
  const at = (iso: string | null, i: number) => (iso === null ? '' : stamp(iso, i));

  put(
    erp,
    'kunden.csv',
    'Nr,Firma,Web,Region,Segment,Betreuer',
    accounts.map(({ no, region, segment }, i) => [
      no,
      `Müller & Söhne ${no} GmbH`,
      `https://www.kunde${no}.example`,
      region ?? ['', '-', 'k.A.'][i % 3]!,
      segment,
      'Anna Groß',
    ]),
  );
  put(
    erp,
    'vertraege.csv',
    'Vertrag,KundenNr,Tarif,Monatlich,Ab,Bis',
    contracts.map(({ id, account, mrr, from, to }, i) => [
      id,
      account,
      'Basis',
      german(mrr, i),
      dotted(from, i),
      to === null ? '-' : dotted(to, i),
    ]),
    bad('erp', 'contracts', 'V-x;1001;Basis;viel;01.01.2026;-', 'V-y;1001;Basis;5,00;31.02.2026;-'),
  );
  put(
    erp,
    'rechnungen.csv',
    'Nr,KundenNr,Datum,Fällig,Bezahlt,Betrag,Status',
    invoices.map(({ no, account, issued, due, paid, cents, isVoid }, i) => [
      no,
      account,
      dotted(issued, i),
      dotted(due, i),
      paid === null ? '' : dotted(paid, i),
      german(cents, i),
      isVoid ? 'storniert' : paid ? 'bezahlt' : 'offen',
    ]),
    bad('erp', 'invoices', 'Rx;1001;01.01.2026;;;5,00;verloren', ';1001;01.01.2026;;;5,00;offen', 'Ry;1001'),
  );
  put(
    erp,
    'zahlungen.csv',
    'Nr,KundenNr,Rechnung,Datum,Betrag',
    payments.map(({ no, account, day, cents }, i) => [
      no,
      account,
      no.slice(1),
      dotted(day, i),
      german(cents, i),
    ]),
  );
  put(
    erp,
    'kosten.csv',
    'Beleg,Datum,Art,Kanal,Betrag',
    costs.map(({ no, day, kind, source, cents }, i) => [
      no,
      dotted(day, i),
      { marketing: 'Werbung', sales: 'Vertrieb', cogs: 'Leistung' }[kind],
      source,
      german(cents, i),
    ]),
  );
  put(
    erp,
    'ziele.csv',
    'Verkäufer,Monat,Ziel',
    quotas.map(({ owner, month, cents }, i) => [owner, dotted(month, i), german(cents, i)]),
  );

  put(
    warehouse,
    'account.csv',
    'id,name,website,erp_number,_fivetran_deleted',
    accounts.map(({ no }, i) => [5_000_000_000 + no, `Muller und Sohne ${no}`, null, no, truth(false, i)]),
  );
  const org = (no: number | null) => (no === null ? null : 5_000_000_000 + no);
  put(
    warehouse,
    'opportunity.csv',
    'id,name,account_id,owner_name,amount,currency_iso_code,stage_name,probability,is_closed,is_won,created_date,close_date,lead_source,type,is_deleted,_fivetran_deleted',
    [
      ...deals.map(
        ({ id, account, owner, source, created, close, state, probability, cents, currency }, i) => [
          id,
          `Deal ${id}`,
          org(account),
          owner,
          cents === null ? null : plain(cents),
          currency,
          state,
          probability,
          truth(state !== 'open', i),
          truth(state === 'won', i + 1),
          i % 2 ? created : `${created} 09:00:00`,
          close,
          source,
          i % 3 ? 'New' : 'Upsell',
          truth(false, i),
          truth(false, i + 2),
        ],
      ),
      // Not facts: a deleted one, one of the recycle bin, a test.
      [
        1,
        'gone',
        org(1001),
        'Anna Groß',
        '1000000.00',
        'EUR',
        'won',
        100,
        'TRUE',
        'TRUE',
        '2026-10-01',
        '2026-10-02',
        null,
        'New',
        'FALSE',
        'TRUE',
      ],
      [
        2,
        'binned',
        org(1001),
        'Anna Groß',
        '1000000.00',
        'EUR',
        'won',
        100,
        'TRUE',
        'TRUE',
        '2026-10-01',
        '2026-10-02',
        null,
        'New',
        '1',
        '0',
      ],
      [
        3,
        'test',
        org(1001),
        'Anna Groß',
        '1000000.00',
        'EUR',
        'won',
        100,
        'TRUE',
        'TRUE',
        '2026-10-01',
        '2026-10-02',
        null,
        'Test',
        '0',
        '0',
      ],
    ],
    bad(
      'warehouse',
      'opportunity',
      '4,odd,5000001001,Anna,12x,EUR,won,100,TRUE,TRUE,2026-10-01,2026-10-02,,New,0,0',
      '5,odd,5000001001,Anna,12,EUR,won,100,maybe,TRUE,2026-10-01,2026-10-02,,New,0,0',
    ),
  );
  put(
    warehouse,
    'opportunity_history.csv',
    'opportunity_id,created_date,stage_name,amount',
    deals.map(({ id, created, state, cents }) => [
      id,
      `${created}T10:00:00Z`,
      state,
      cents === null ? null : plain(cents),
    ]),
  );
  put(
    warehouse,
    'task.csv',
    'id,type,owner_name,what_id,created_date',
    calls.map(({ id, kind, owner, at: then }, i) => [id, kind, owner, null, at(then, i)]),
  );
  put(
    warehouse,
    'contact.csv',
    'id,property_email,company_id,property_hs_analytics_source,property_hs_lifecyclestage_lead_date,property_hs_lifecyclestage_marketingqualifiedlead_date,property_hs_lifecyclestage_salesqualifiedlead_date,property_hs_lifecyclestage_opportunity_date,property_hs_lifecyclestage_customer_date,_fivetran_deleted',
    people.map(({ id, account, source, lead, mql, sql, opportunity, customer }, i) => [
      id,
      `p${id}@gmail.com`,
      org(account),
      source,
      at(lead, i),
      at(mql, i),
      at(sql, i),
      at(opportunity, i),
      at(customer, i),
      truth(false, i),
    ]),
  );
  put(warehouse, 'campaign.csv', 'id,name,start_date,budgeted_cost', [[1, 'Messe', '2026-01-01', '1000']]);
  put(
    warehouse,
    'campaign_member.csv',
    'id,contact_id,campaign_id,has_responded,first_responded_date,lead_source',
    touches.map(({ id, person, responded, source, at: then }, i) => [
      id,
      person,
      1,
      truth(responded, i),
      at(then, i),
      source,
    ]),
  );
  put(
    warehouse,
    'email_campaign.csv',
    'id,name,sent_at,num_sent,num_delivered,num_opened,num_clicked',
    mailings.map(({ id, at: then, delivered, opened, clicked }, i) => [
      id,
      `Mail ${id}`,
      at(then, i),
      delivered + 5,
      delivered,
      opened,
      clicked,
    ]),
  );
  put(
    warehouse,
    'ticket.csv',
    'id,subject,organization_id,assignee_name,status,priority,via_channel,created_at,first_reply_at,first_solved_at,solved_at,replies,reopens,rating,rated_at,is_test',
    [
      ...tickets.map(
        (
          { id, account, owner, priority, created, replied, solved, replies, reopens, rating, rated },
          i,
        ): Cell[] => [
          id,
          i % 7 ? `Hilfe, "schnell"!\nBitte ${id}` : null,
          org(account),
          owner,
          solved ? 'solved' : 'open',
          priority,
          'email',
          at(created, i),
          at(replied, i),
          at(solved, i),
          at(solved, i),
          replies,
          reopens,
          rating ?? (i % 2 ? 'unoffered' : ''),
          at(rated, i),
          i % 2 ? '' : truth(false, i),
        ],
      ),
      [1, 'test', null, null, 'open', 'low', 'web', '2026-10-10T10:00:00Z', '', '', '', 0, 0, '', '', 'TRUE'],
    ],
  );
  put(
    warehouse,
    'sla_policy.csv',
    'ticket_id,metric,is_sla_breach,measured_at',
    verdicts.map(({ ticket, metric, breached, at: then }, i) => [
      ticket,
      metric,
      mark(breached, i),
      at(then, i),
    ]),
  );
  put(
    warehouse,
    'conversation.csv',
    'id,company_id,created_at,conversation_rating,rated_at,source_type',
    chats.map(({ id, account, created, rating, rated }, i) => [
      id,
      org(account),
      at(created, i),
      rating,
      at(rated, i),
      'chat',
    ]),
  );
  put(warehouse, 'forecast.csv', 'id,owner_name,period,as_of,amount', [
    [1, 'Anna Groß', '2026-10-01', '2026-10-05', '5000.00'],
  ]);
  put(
    warehouse,
    'survey.csv',
    'id,company_id,score,answered_at',
    answers.map(({ id, account, score, at: then }, i) => [id, org(account), score, at(then, i)]),
    bad('warehouse', 'survey', 'x,5000001001,ten,2026-10-01T10:00:00Z'),
  );
  return wrong;
}
