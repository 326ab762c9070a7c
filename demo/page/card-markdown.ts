/** The little Markdown that Teams shows in card texts, as HTML that can carry nothing else. */

const escapes: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Bold, italics, escapes and line breaks; links and images are left as text. */
export function cardMarkdown(text: string): string {
  const kept: string[] = [];
  // Marked by a private-use character, which no text of ours has.
  const keep = (character: string) => `\ue000${kept.push(character) - 1}\ue000`;
  return (
    text
      .replace(/\ue000/g, '')
      // Entities in the text mean their character, as in Teams.
      .replace(/&lt;/g, '<')
      .replace(/&gt;/g, '>')
      .replace(/&amp;/g, '&')
      .replace(/\\([\\`*_[\]#~|>+\-.])/g, (_all, character: string) => keep(character))
      .replace(/[&<>"']/g, (character) => escapes[character]!)
      .replace(/\*\*(.+?)\*\*/g, '<strong>$1</strong>')
      .replace(/(^|\W)_(.+?)_(?=\W|$)/g, '$1<em>$2</em>')
      .replace(/\n/g, '<br>')
      .replace(/\ue000(\d+)\ue000/g, (_all, at: string) => {
        const character = kept[Number(at)] ?? '';
        return escapes[character] ?? character;
      })
  );
}
