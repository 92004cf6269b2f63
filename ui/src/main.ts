import { mount } from 'svelte';
import App from './App.svelte';
import { preferred, speak } from './lib/i18n.svelte';
import { startRouter } from './lib/router.svelte';
import { open } from './lib/session.svelte';
import { startTheme } from './lib/theme.svelte';
import './styles/fonts.css';
import './styles/tokens.css';
import './styles/base.css';
import './styles/parts.css';
import './styles/charts.css';
import './styles/print.css';

startTheme();
startRouter();
const opened = open().then(
  () => null,
  (cause: unknown) => cause,
);
await speak(preferred());
mount(App, { target: document.getElementById('app')!, props: { opened } });
