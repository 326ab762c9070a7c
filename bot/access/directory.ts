/** People and channels → rights, from configuration. Keys are "slack:U…", "slack:C…", "teams:<object id>". */
import type { Person, Place } from '../commands/command.ts';
import { type Grant, noRights, type Rights, rightsOf } from './roles.ts';

export type AccessSettings = {
  people: Readonly<Record<string, Grant>>;
  channels: Readonly<Record<string, Grant>>;
  terminal: Grant;
};

export interface Directory {
  person(person: Person): Rights;
  /** What everybody in a place may see: a channel's class; the asker's own rights in a direct message. */
  audience(place: Place, asker: Person): Rights;
}

export function createDirectory(settings: AccessSettings): Directory {
  const person = (who: Person): Rights =>
    who.platform === 'terminal'
      ? rightsOf(settings.terminal)
      : rightsOf(settings.people[`${who.platform}:${who.id}`]);
  return {
    person,
    audience(place, asker) {
      if (place.kind === 'dm') return person(asker);
      const grant = settings.channels[`${place.platform}:${place.channel}`];
      // A channel that nobody classified may see nothing: the answer goes to the asker alone.
      return grant ? rightsOf(grant) : noRights;
    },
  };
}
