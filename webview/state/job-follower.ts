import { describeDoubt } from '../../src/core/composition/knowledge';
import type { Job, StudioState } from '../../src/protocol/studio';
import { describePreparing, isLive, isRunning } from './job-status';
import type { StateStore } from './store';
import type { View } from './view';
import { t } from '../l10n';

/** What tells the user something: an `Announcer`, which itself needs the DOM. */
export interface Announcements {
  say(text: string): void;
  show(text: string): void;
}

/** Shows the running job on the stage, and announces how jobs end. */
export class JobFollower {
  /** Jobs that were cancelled together, which is announced once for all. */
  private readonly quiet = new Set<number>();

  constructor(
    private readonly state: StateStore<StudioState>,
    private readonly view: StateStore<View>,
    private readonly announcer: Announcements,
  ) {
    state.watch(({ jobs }, before) => this.follow(before.jobs, jobs));
  }

  /** Whether the stage shows a job. */
  shows({ id }: Job): boolean {
    const { shown } = this.view.value;
    return shown.kind === 'job' && shown.id === id;
  }

  /** Shows the finished images of a job, or else the newest image. */
  showResults(job: Job): void {
    const newest = this.state.value.images.slice(0, 1).map(({ id }) => id);
    const ids = job.images.length > 0 ? job.images : newest;
    this.view.update({ shown: { kind: 'pictures', ids }, selected: ids[0] });
  }

  /** Ends of these jobs are not announced one by one. */
  muteCancelled(jobs: readonly Job[]): void {
    for (const { id } of jobs) this.quiet.add(id);
  }

  private follow(before: readonly Job[], jobs: readonly Job[]): void {
    if (before === jobs) return;
    const known = new Map(before.map((job) => [job.id, job]));
    for (const job of jobs) {
      const earlier = known.get(job.id);
      const was = earlier?.state;
      const wasRunning = was === 'loading' || was === 'drawing';
      if (isRunning(job) && !wasRunning) this.begin(job);
      else if (was !== undefined && was !== job.state && !isLive(job)) this.end(job);
      this.sayPreparing(job, earlier);
    }
  }

  /** What the starter may not know of a job's images, each once. It stands under each image. */
  private doubtsOf({ images }: Job): readonly string[] {
    const shown = this.state.value.images.filter(({ id }) => images.includes(id));
    const said = shown.flatMap(({ doubts = [] }) => doubts).map((one) => describeDoubt(one, t));
    return [...new Set(said)];
  }

  /** How an image was computed that is not exact. The line under it says it too. */
  private precisionOf({ images }: Job): readonly string[] {
    const one = this.state.value.images.find(({ id, unasked }) => unasked && images.includes(id));
    return one?.unasked ? [t('unasked', t(`precision.${one.unasked}`))] : [];
  }

  /** Once for each part: its progress is shown and not said. */
  private sayPreparing(job: Job, earlier: Job | undefined): void {
    const isSaid = earlier?.preparing !== undefined && earlier.component === job.component;
    const said = isSaid ? undefined : describePreparing(job);
    if (said !== undefined) this.announcer.say(said);
  }

  private begin(job: Job): void {
    this.view.update({ shown: { kind: 'job', id: job.id }, selected: undefined });
    this.announcer.say(job.host === undefined ? t('loading') : t('drawingOn', job.host));
  }

  private end(job: Job): void {
    const { announcer, view } = this;
    if (job.state === 'failed') {
      const shown = { kind: 'job', id: job.id } as const;
      view.update({ tab: 'result', shown, comparison: undefined });
    } else if (job.state === 'cancelled') {
      if (!this.quiet.delete(job.id)) announcer.show(t('cancelled'));
      if (this.shows(job)) this.showResults(job);
    } else {
      if (this.shows(job)) view.update({ selected: job.images[0] });
      const count = job.images.length;
      const done = count > 1 ? t('doneMany', count) : t('done', job.request.prompt);
      // Warnings must be visible; otherwise the announcement is enough, because the image is visible.
      if (job.warnings.length > 0) announcer.show([done, ...job.warnings].join(' '));
      else announcer.say([done, ...this.doubtsOf(job), ...this.precisionOf(job)].join(' '));
    }
  }
}
