import type { Calendar } from './calendar.ts';
import type { Story } from './records.ts';

/**
 * What was planted, in numbers. The generator reads these; the documentation and the tests state what follows.
 * Each story is strong enough to be found at full size and still there at a fiftieth of it.
 */
export const planted = {
  /** Share of the EMEA SMB customers of the quarter's first day that leave within it. */
  churnShare: 0.26,
  /** Other SMB customers leave this many times as often as usual in that quarter. */
  churnElsewhere: 1.3,
  /** New price ÷ old price for EMEA SMB customers on monthly terms. */
  priceRise: 1.15,
  /** Tickets of a surge day ÷ the usual number of that weekday. */
  surge: 3.6,
  /** Days before the anchor day on which the surge starts; it goes on through the anchor day. */
  surgeDays: 3,
  /** Win probability in APAC at the beginning and at the end of the history; elsewhere it is flat. */
  apacWin: { from: 0.11, to: 0.34 },
  otherWin: 0.2,
} as const;

/** The quarter of the churn story: the last complete one before the anchor day, [start, end). */
export function churnQuarter(calendar: Calendar): { start: number; end: number } {
  const end = calendar.quarterStart(calendar.anchor);
  return { start: calendar.monthsAfter(end, -3), end };
}

export function isSurge(calendar: Calendar, day: number): boolean {
  return day >= calendar.anchor - planted.surgeDays && day <= calendar.anchor;
}

/** The campaign of the third story; its cost is for the full company. */
export function paidOffCampaign(calendar: Calendar) {
  return {
    name: 'Webinar series: Revenue Clarity',
    start: calendar.workday(calendar.anchor - 290),
    end: calendar.workday(calendar.anchor - 110),
    cost: 16_000,
    reach: 2.2,
  };
}

export function tellStories(calendar: Calendar): readonly Story[] {
  const quarter = churnQuarter(calendar);
  const from = calendar.text(quarter.start);
  const to = calendar.text(quarter.end - 1);
  const surge = calendar.text(calendar.anchor - planted.surgeDays);
  const series = paidOffCampaign(calendar);
  return [
    {
      name: 'churn',
      text: `From ${from} prices rose by 15 % for small EMEA customers on monthly terms. About a quarter of the small EMEA customers left before ${to}.`,
      question: 'why did churn rise last quarter',
      expect: `Logo churn of ${from} to ${to} is well above the quarter before; segment SMB, region EMEA explains most of the rise.`,
    },
    {
      name: 'surge',
      text: `A release of Connect on ${surge} broke synchronisation for many customers; tickets came in at three to four times the usual number from that day.`,
      question: 'why are tickets up this week',
      expect: `Tickets created are flagged as unusually high on ${surge} and on each day after; product Connect explains nearly all of it.`,
    },
    {
      name: 'webinar',
      text: `The ${series.name} (${calendar.text(series.start)} to ${calendar.text(series.end)}) cost little and brought in many deals.`,
      question: 'top campaigns by return on spend',
      expect: `${series.name} is first, with several times the won value per dollar of the next campaign.`,
    },
    {
      name: 'apac',
      text: 'A new team and local pricing made APAC win more of its deals, month after month; elsewhere win rates stayed level.',
      question: 'win rate by region this year vs last year',
      expect: 'APAC rises by a quarter or more against last year; AMER and EMEA move little.',
    },
  ];
}
