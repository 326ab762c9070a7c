import { useState } from 'react';
import type { KitElement } from './kit-block.ts';

/** An uploaded file or a public picture; a click opens it at full size. */
export function Picture({ image, small = false }: { image: KitElement; small?: boolean }) {
  const [failed, setFailed] = useState(false);
  const src = image.slack_file ? `/demo/slack/files/${image.slack_file.id}` : image.image_url;
  if (failed) return <p className="picture-lost">Picture not available: {image.alt_text}</p>;
  return (
    <a
      className={small ? 'picture small' : 'picture'}
      href={src}
      target="_blank"
      rel="noreferrer"
      title="Open at full size"
    >
      <img src={src} alt={image.alt_text} onError={() => setFailed(true)} />
    </a>
  );
}
