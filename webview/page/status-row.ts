import { shownDevice } from '../../src/core/devices';
import type { Job, StudioState } from '../../src/protocol/studio';
import { h, iconButton } from '../controls/dom';
import { aboutSeconds, formatSeconds, t } from '../l10n';
import { elsewhereOf } from '../state/elsewhere';
import { modelLabel } from '../settings/labels';
import { placeNote } from './place-note';
import type { PlannedJob } from '../../src/core/estimate';
import { fasterModel, jobSeconds, planEstimate, secondsLeft } from '../state/estimate';
import type { Defaults, Form, SketchRole } from '../state/form';
import { describeProgress, isLive, isRunning, shareDone } from '../state/job-status';

/** Milliseconds between updates of the time left. */
const UPDATE_MS = 500;

export interface StatusActions {
  readonly cancel: () => void;
  readonly cancelAll: () => void;
  readonly chooseModel: (model: string) => void;
}

/** The estimated time of the next job, and the progress of the running one. */
export class StatusRow {
  readonly element: HTMLElement;
  private readonly place = placeNote();
  private readonly facts = h('span', { class: 'facts' });
  private readonly faster: HTMLButtonElement;
  private readonly text = h('span', { class: 'progress-text' });
  private readonly bar = h('progress', { max: 1, 'aria-label': t('progress') });
  private readonly cancelAll: HTMLButtonElement;
  private readonly running: HTMLElement;
  private fasterId: string | undefined;
  private job: Job | undefined;
  private queued = 0;
  /** Other jobs that run: an endpoint draws beside this machine, and more than one at a time. */
  private alsoRunning = 0;
  /** When the job's state changed, as `performance.now()`. */
  private changedAt = 0;

  /**
   * @param note shows short messages
   * @param more the button that opens the settings of a narrow page
   */
  constructor(actions: StatusActions, note: HTMLElement, more: HTMLElement) {
    this.faster = h(
      'button',
      { type: 'button', class: 'link', hidden: true },
      {
        click: () => {
          if (this.fasterId !== undefined) actions.chooseModel(this.fasterId);
        },
      },
    );
    const cancel = iconButton({
      name: 'debug-stop',
      label: t('cancelHelp'),
      class: 'cancel',
      onClick: actions.cancel,
    });
    this.cancelAll = h(
      'button',
      { type: 'button', class: 'link cancel-all', title: t('cancelAllHelp'), hidden: true },
      { click: actions.cancelAll },
      t('cancelAll'),
    );
    this.running = h(
      'span',
      { class: 'running-job', hidden: true },
      {},
      this.text,
      this.bar,
      cancel,
      this.cancelAll,
    );
    const line = h(
      'div',
      { class: 'status-line' },
      {},
      this.facts,
      this.faster,
      note,
      this.running,
    );
    this.element = h('div', { class: 'status' }, {}, this.place.element, line, more);
    window.setInterval(() => this.job && this.showProgress(this.job), UPDATE_MS);
  }

  show(form: Form, state: StudioState, defaults: Defaults | undefined, sketch: SketchRole): void {
    const plan = planEstimate(form, state, defaults, sketch);
    const elsewhere = elsewhereOf(form.model, state);
    this.place.show(elsewhere);
    if (elsewhere) {
      this.faster.hidden = true;
      const { model, endpoint } = elsewhere;
      this.facts.replaceChildren(
        model === '' ? t('endpointOwnModel', endpoint.name) : modelLabel(model),
      );
      this.facts.title = form.model;
    } else this.showPlan(plan, form, state);
    const queued = state.jobs.filter((one) => one.state === 'queued');
    const job = state.jobs.find(isRunning) ?? queued[0];
    if (job !== this.job) this.changedAt = performance.now();
    this.job = job;
    this.queued = queued.length;
    this.alsoRunning = Math.max(0, state.jobs.filter(isRunning).length - 1);
    this.running.hidden = !job;
    this.cancelAll.hidden = state.jobs.filter(isLive).length < 2;
    if (job) this.showProgress(job);
  }

  private showProgress(job: Job): void {
    const left = secondsLeft(job, (performance.now() - this.changedAt) / 1000);
    const parts = [describeProgress(job)];
    if (left !== undefined && job.stepsDone < job.stepsTotal) {
      parts.push(t('timeLeft', formatSeconds(left)));
    }
    const others = job.state === 'queued' ? this.queued - 1 : this.queued;
    if (this.alsoRunning > 0) parts.push(t('alsoRunning', this.alsoRunning));
    if (others > 0) parts.push(t('alsoQueued', others));
    this.text.textContent = parts.join(' · ');
    const share = shareDone(job);
    if (share === undefined) this.bar.removeAttribute('value');
    else this.bar.value = share;
  }

  private showPlan(plan: PlannedJob | undefined, form: Form, state: StudioState): void {
    this.showFaster(plan && fasterModel(plan, form, state));
    if (!plan) {
      this.facts.textContent = state.devices ? '' : t('probingDevices');
      return;
    }
    const probe = state.devices?.devices.find(({ device }) => device === plan.device);
    const seconds = jobSeconds(plan, state);
    const steps = plan.steps === 1 ? t('oneStep') : t('stepsCount', plan.steps);
    const facts = [
      modelLabel(plan.model),
      shownDevice(plan.device, probe?.card),
      steps,
      seconds === undefined ? t('timeUnknown') : aboutSeconds(seconds),
    ];
    this.facts.title = facts.join(' · ');
    this.facts.replaceChildren(
      ...facts.map((fact, index) =>
        h('span', { class: fact === steps && 'steps-fact' }, {}, index > 0 ? ` · ${fact}` : fact),
      ),
    );
  }

  private showFaster(model: ReturnType<typeof fasterModel>): void {
    this.fasterId = model?.id;
    this.faster.hidden = !model;
    if (!model) return;
    const time = aboutSeconds(model.seconds);
    this.faster.textContent = t('fasterModel', modelLabel(model.id), time);
    this.faster.title = t('fasterModelHelp', modelLabel(model.id), time);
  }
}
