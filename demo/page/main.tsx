import { createRoot } from 'react-dom/client';
import 'slack-blocks-to-jsx/dist/style.css';
import './style/page.css';
import './style/message.css';
import './style/composer.css';
import './style/drawer.css';
import './style/faults.css';
import { App } from './app.tsx';

createRoot(document.getElementById('page')!).render(<App />);
