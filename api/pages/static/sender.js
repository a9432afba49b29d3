// Runs an errand until it succeeds: one at a time over all tabs, at once when the network is back, later after each failure.
const LONGEST_SECONDS = 60;

// What an errand throws to be run again no sooner than in so many seconds.
export class Later extends Error {
  constructor(seconds) {
    super(`in ${seconds} s`);
    this.seconds = seconds;
  }
}

// What an errand throws when only a person can help: nothing runs by itself until `nudge`.
export class Stuck extends Error {}

export class Sender {
  #errand;
  #lock;
  #every;
  #failures = 0;
  #timer;
  #due = Infinity;
  #running = null;
  #again = false;

  // `every`: seconds between two runs when nothing happens, unless the errand returns when it wants to run next.
  constructor(lock, every, errand) {
    this.#lock = lock;
    this.#every = every;
    this.#errand = errand;
  }

  start() {
    addEventListener("online", () => this.nudge());
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible") this.nudge();
    });
    return this.nudge();
  }

  // Run now; while a run is under way, once more after it.
  nudge() {
    this.#again = true;
    this.#running ??= this.#runs().finally(() => (this.#running = null));
    return this.#running;
  }

  // Run within so many seconds, or earlier if that is planned.
  within(seconds) {
    const due = performance.now() + seconds * 1000;
    if (due >= this.#due) return;
    clearTimeout(this.#timer);
    this.#due = due;
    this.#timer = setTimeout(() => this.nudge(), seconds * 1000);
  }

  async #runs() {
    while (this.#again) {
      this.#again = false;
      clearTimeout(this.#timer);
      this.#due = Infinity;
      const wait = await navigator.locks.request(this.#lock, () => this.#run());
      if (Number.isFinite(wait)) this.within(wait);
    }
  }

  // Seconds until the next run.
  async #run() {
    try {
      const next = await this.#errand();
      this.#failures = 0;
      return next ?? this.#every;
    } catch (error) {
      if (error instanceof Stuck) return Infinity;
      this.#failures += 1;
      return error instanceof Later ? error.seconds : backOff(this.#failures);
    }
  }
}

// Seconds: 1, 2, 4 … and up to half as long again, so that many devices do not call in step.
function backOff(failures) {
  return Math.min(LONGEST_SECONDS, 2 ** (failures - 1)) * (1 + Math.random() / 2);
}
