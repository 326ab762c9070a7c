/** App Home: the asker's own board. */
import { useEffect } from 'react';
import { Blocks } from './blocks.tsx';
import type { Theme } from './theme.ts';
import type { Acts, Workspace } from './use-workspace.ts';

type HomeProps = {
  workspace: Workspace;
  acts: Acts;
  theme: Theme;
  openMenu: () => void;
  toggleWire: () => void;
};

export function Home({ workspace, acts, theme, openMenu, toggleWire }: HomeProps) {
  useEffect(() => {
    void acts.openHome();
  }, [acts.openHome]);
  return (
    <main className="conversation">
      <header className="bar">
        <button
          type="button"
          className="icon-button menu-button"
          aria-label="Open the menu"
          onClick={openMenu}
        >
          ☰
        </button>
        <h1>Herald</h1>
        <p>Home: what your role looks at first</p>
        <button type="button" className="quiet" onClick={toggleWire}>
          Wire
        </button>
      </header>
      <div className="messages home">
        {workspace.home === null ? (
          <p className="empty" role="status">
            Herald is putting your board together…
          </p>
        ) : (
          <Blocks
            blocks={workspace.home}
            onPress={(element) => acts.press(null, element)}
            {...{ workspace, theme }}
          />
        )}
      </div>
    </main>
  );
}
