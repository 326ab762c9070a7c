import type { Reference } from './port.ts';
import { withoutThread } from './read-text.ts';

/** Kept by the database; keys are conversation ids, and `dm:<person>` for the private chat with a person. */
export type References = {
  save(conversation: string, reference: Reference): Promise<void>;
  load(conversation: string): Promise<Reference | null>;
};

export const directKey = (person: string): string => `dm:${person}`;

/** Remember where a turn came from, so that digests and alerts can be posted there later. */
export async function remember(references: References, reference: Reference, person: string): Promise<void> {
  const conversation = withoutThread(reference.conversation);
  await references.save(conversation, { ...reference, conversation });
  if (reference.kind === 'personal') await references.save(directKey(person), reference);
}
