import { useEffect, useState } from 'react';
import { useRemembered } from './remembered.ts';

export type Theme = 'light' | 'dark';

/** The system's choice until the person makes one. */
export function useTheme(): [Theme, () => void] {
  const [chosen, choose] = useRemembered<Theme | 'system'>('theme', 'system');
  const [dark, setDark] = useState(() => matchMedia('(prefers-color-scheme: dark)').matches);
  useEffect(() => {
    const query = matchMedia('(prefers-color-scheme: dark)');
    const follow = () => setDark(query.matches);
    query.addEventListener('change', follow);
    return () => query.removeEventListener('change', follow);
  }, []);
  const theme: Theme = chosen === 'system' ? (dark ? 'dark' : 'light') : chosen;
  useEffect(() => {
    document.documentElement.dataset.theme = theme;
  }, [theme]);
  return [theme, () => choose(theme === 'dark' ? 'light' : 'dark')];
}
