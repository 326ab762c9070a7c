/** Round for nobody: a soft square with initials; Herald has its mark. */
const hues = ['#8a5a2b', '#0b7a75', '#7a4fa3', '#a3455f', '#3f6f3a'];

export function Avatar({ id, name, size = 36 }: { id: string; name: string; size?: number }) {
  const style = { width: size, height: size, fontSize: Math.round(size * 0.38) };
  if (name === 'Herald') {
    return (
      <span className="avatar herald" style={style} aria-hidden="true">
        <svg aria-hidden="true" viewBox="0 0 16 16" width={size * 0.62} height={size * 0.62}>
          <path
            d="M2.5 13V7.5M6.2 13V4.5M9.8 13V9M13.5 13V2.5"
            stroke="currentColor"
            strokeWidth="2"
            strokeLinecap="round"
          />
        </svg>
      </span>
    );
  }
  if (id === 'slackbot')
    return (
      <span className="avatar notice" style={style} aria-hidden="true">
        !
      </span>
    );
  const hue = hues[[...id].reduce((sum, letter) => (sum * 2 + letter.charCodeAt(0)) % 9973, 0) % hues.length];
  const initials = name
    .split(' ')
    .map((word) => word[0])
    .join('')
    .slice(0, 2);
  return (
    <span className="avatar" style={{ ...style, background: hue }} aria-hidden="true">
      {initials}
    </span>
  );
}
