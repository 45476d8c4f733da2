// Starts the console: language, session, then the page the address names.
import { html, render } from './markup.js';
import { preferredLanguage, setLanguage } from './language/words.js';
import { start as startRouter } from './router.js';
import { resume } from './session.js';
import { Shell } from './shell.js';

await setLanguage(preferredLanguage());
const root = document.getElementById('console');
root.textContent = '';
let unreachable = null;
try {
  await resume();
} catch (problem) {
  unreachable = problem;
}
startRouter();
render(html`<${Shell} unreachable=${unreachable} />`, root);
