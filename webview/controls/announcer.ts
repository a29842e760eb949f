import { h } from './dom';

/** How long a note stays in sight at least, in milliseconds, and what each character of a long one adds. */
const NOTE_MS = 6000;
const CHARACTER_MS = 80;

/** Says things to screen readers, and shows short notes to everyone. */
export class Announcer {
  private readonly live = h('div', {
    class: 'visually-hidden',
    'aria-live': 'polite',
    role: 'status',
  });
  readonly note = h('span', { class: 'note', 'aria-hidden': 'true' });
  private timer = 0;

  constructor() {
    document.body.append(this.live);
  }

  /** For screen readers alone: the page shows the same in its own way. */
  readonly say = (text: string): void => {
    this.live.textContent = text;
  };

  /** For everyone. */
  readonly show = (text: string): void => {
    this.say(text);
    this.note.textContent = text;
    // A narrow page cuts it off.
    this.note.title = text;
    clearTimeout(this.timer);
    const lasts = Math.max(NOTE_MS, text.length * CHARACTER_MS);
    this.timer = window.setTimeout(() => (this.note.textContent = ''), lasts);
  };
}
