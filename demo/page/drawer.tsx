import { type ReactNode, useEffect, useRef } from 'react';

/** The right-hand column; on narrow screens it covers the page. */
export function Drawer({
  title,
  onClose,
  children,
}: {
  title: string;
  onClose: () => void;
  children: ReactNode;
}) {
  const close = useRef<HTMLButtonElement>(null);
  useEffect(() => close.current?.focus(), []);
  return (
    <aside className="drawer" aria-label={title}>
      <header className="bar">
        <h2>{title}</h2>
        <button
          ref={close}
          type="button"
          className="icon-button"
          aria-label={`Close ${title}`}
          onClick={onClose}
        >
          ✕
        </button>
      </header>
      {children}
    </aside>
  );
}
