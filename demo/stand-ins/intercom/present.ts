/** A stored record as the API returns it. */
import type { Stored } from '../../company/records.ts';

/** Fields that the published schema lets be null; elsewhere the platform leaves an empty field out. */
const nullable = new Set([
  'external_id',
  'name',
  'country',
  'region',
  'city',
  'conversation_rating',
  'statistics',
  'admin_assignee_id',
]);

/** What every reply has beside the stored fields. */
const defaults: Record<string, Record<string, unknown>> = {
  admins: { away_mode_enabled: false, away_mode_reassign: false, has_inbox_seat: true, team_ids: [] },
  contacts: {
    workspace_id: 'demo',
    has_hard_bounced: false,
    unsubscribed_from_emails: false,
    custom_attributes: {},
  },
  companies: { app_id: 'demo', session_count: 0, user_count: 1, monthly_spend: 0 },
  conversations: {
    title: null,
    waiting_since: null,
    snoozed_until: null,
    read: true,
    priority: 'not_priority',
    team_assignee_id: null,
    ai_agent_participated: false,
  },
};

export function present(object: string, stored: Stored): Record<string, unknown> {
  return { ...defaults[object], ...withoutNulls(stored.record) };
}

function withoutNulls(record: Record<string, unknown>): Record<string, unknown> {
  const kept = Object.entries(record).filter(([name, value]) => value !== null || nullable.has(name));
  return Object.fromEntries(
    kept.map(([name, value]) => [name, isPlain(value) ? withoutNulls(value) : value]),
  );
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
