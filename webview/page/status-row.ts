import { deviceLabel } from '../../src/core/devices';
import type { Job, StudioState } from '../../src/protocol/studio';
import { h, iconButton } from '../controls/dom';
import {
  estimateSeconds,
  guessSeconds,
  secondsLeft,
  stepsRun,
  type PlannedJob,
} from '../state/estimate';
import { effective, type Defaults, type Form } from '../state/form';
import { isRunning, progressText } from '../state/job-words';
import { modelLabel } from '../settings/labels';
import { formatSeconds, t } from '../words';

/** Above this, in seconds, a faster model is worth a word. */
const SLOW = 30;
/** A model is called faster when it takes less than this share. */
const FASTER = 0.34;

export interface StatusActions {
  readonly cancel: () => void;
  readonly pickModel: (model: string) => void;
}

/** What the next picture costs, and how far the running one is. */
export class StatusRow {
  readonly element: HTMLElement;
  private readonly facts = h('span', { class: 'facts' });
  private readonly faster = h('button', { type: 'button', class: 'link', hidden: true }, { click: () => this.pickFaster() }); // prettier-ignore
  private readonly text = h('span', { class: 'progress-text' });
  private readonly bar: HTMLProgressElement;
  private readonly running: HTMLElement;
  private fasterModel = '';
  private job: Job | undefined;
  private heardAt = 0;

  constructor(
    private readonly actions: StatusActions,
    note: HTMLElement,
  ) {
    this.bar = h('progress', { max: 1, 'aria-label': t('progress') });
    this.running = h(
      'span',
      { class: 'running-job', hidden: true },
      {},
      this.text,
      this.bar,
      iconButton({ name: 'debug-stop', label: t('cancelHelp'), class: 'cancel', onClick: actions.cancel }),
    ); // prettier-ignore
    const line = h(
      'div',
      { class: 'status-line' },
      {},
      this.facts,
      this.faster,
      note,
      this.running,
    );
    this.element = h('div', { class: 'status' }, {}, line);
    window.setInterval(() => this.job && this.showJob(this.job), 500);
  }

  show(form: Form, state: StudioState, defaults: Defaults | undefined, fromSketch: boolean): void {
    this.showFacts(form, state, defaults, fromSketch);
    const job = state.jobs.find(isRunning) ?? state.jobs.find(({ state }) => state === 'queued');
    if (job !== this.job) this.heardAt = performance.now();
    this.job = job;
    this.running.hidden = !job;
    if (job) this.showJob(job, state.jobs.filter(({ state }) => state === 'queued').length);
  }

  private waiting = 0;

  private showJob(job: Job, waiting = this.waiting): void {
    this.waiting = waiting;
    const since = (performance.now() - this.heardAt) / 1000;
    const left = secondsLeft(job, since);
    const parts = [progressText(job)];
    if (left !== undefined && job.stepsDone < job.stepsTotal) parts.push(t('timeLeft', formatSeconds(left))); // prettier-ignore
    const others = job.state === 'queued' ? waiting - 1 : waiting;
    if (others > 0) parts.push(t('alsoQueued', others));
    this.text.textContent = parts.join(' · ');
    if (job.stepsTotal > 0) this.bar.value = job.stepsDone / job.stepsTotal;
    else this.bar.removeAttribute('value');
  }

  private showFacts(
    form: Form,
    state: StudioState,
    defaults: Defaults | undefined,
    fromSketch: boolean,
  ): void {
    const { steps, guidanceScale, width, height } = effective(form, defaults);
    const { devices } = state;
    const device = form.device === 'auto' ? devices?.chosen : form.device;
    this.faster.hidden = true;
    if (!device || !steps || !width || !height) {
      this.facts.textContent = devices ? '' : t('probingDevices');
      return;
    }
    const plan: PlannedJob = {
      model: form.model,
      device,
      pixels: width * height,
      steps: stepsRun(steps, fromSketch ? form.strength : undefined),
      guided: (guidanceScale ?? 7.5) > 1,
      images: form.numImages,
    };
    const seconds = timeOf(plan, state);
    this.facts.textContent = [
      deviceLabel(device),
      t('stepsCount', plan.steps),
      seconds === undefined ? t('timeUnknown') : t('aboutTime', formatSeconds(seconds)),
    ].join(' · ');
    this.offerFaster(plan, seconds, state);
  }

  /** Names the quickest model that is there already, when the chosen one is slow. */
  private offerFaster(plan: PlannedJob, seconds: number | undefined, state: StudioState): void {
    if (seconds === undefined || seconds < SLOW) return;
    const others = state.models.flatMap(({ id, defaults, runnable }) => {
      if (id === plan.model || !runnable || !defaults) return [];
      const { width, height, steps, guidanceScale } = defaults;
      const other = {
        ...plan,
        model: id,
        pixels: width * height,
        steps,
        guided: guidanceScale > 1,
      };
      const time = timeOf(other, state);
      return time !== undefined && time < seconds * FASTER ? [{ id, time }] : [];
    });
    const [best] = others.sort((a, b) => a.time - b.time);
    if (!best) return;
    this.fasterModel = best.id;
    const time = t('aboutTime', formatSeconds(best.time));
    this.faster.textContent = t('fasterModel', modelLabel(best.id), time);
    this.faster.title = t('fasterModelHelp', modelLabel(best.id), time);
    this.faster.hidden = false;
  }

  private pickFaster(): void {
    if (this.fasterModel) this.actions.pickModel(this.fasterModel);
  }
}

function timeOf(plan: PlannedJob, { speeds, models, devices }: StudioState): number | undefined {
  const measured = estimateSeconds(plan, speeds);
  if (measured !== undefined) return measured;
  const model = models.find(({ id }) => id === plan.model);
  const probe = devices?.devices.find(({ device }) => device === plan.device);
  return model && guessSeconds(plan, model, probe);
}
