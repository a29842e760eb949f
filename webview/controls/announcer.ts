import { h } from './dom';

/** A note is shown for this many milliseconds, or for CHARACTER_MS per character where that is longer. */
const NOTE_MS = 6000;
const CHARACTER_MS = 80;

/** Announces texts to screen readers, and shows short notes. */
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

  /** For screen readers only, where the page shows the same in another way. */
  readonly say = (text: string): void => {
    this.live.textContent = text;
  };

  /** For all users. */
  readonly show = (text: string): void => {
    this.say(text);
    this.note.textContent = text;
    // A narrow page truncates the note.
    this.note.title = text;
    clearTimeout(this.timer);
    const duration = Math.max(NOTE_MS, text.length * CHARACTER_MS);
    this.timer = window.setTimeout(() => (this.note.textContent = ''), duration);
  };
}
