// How many frames may be asked for at once. A part of the page's script; workshop/benchmarks/student.py runs it as well.

const IN_FLIGHT = 4; // at most; more would not make the slowest link faster
const RECENT = 100; // answers that are remembered to know how quick they can be

// Over a slow link every answer is late, also the quickest: several questions on their way make more frames.
// In a busy kernel, or on a server that a class shares, answers are late because they wait for each other: there
// a second question only makes all of them later. The quickest answer of late tells one from the other. TCP Vegas
// has the same rule: what is asked for and takes longer than the quickest is queued somewhere.
class Asking {
  constructor() {
    this.most = 1;
    this.answers = 0;
    this.times = [];
    this.usual = undefined;
  }

  answered(ms) {
    this.answers += 1;
    this.times.push(ms);
    if (this.times.length > RECENT) this.times.shift();
    this.usual = this.usual === undefined ? ms : this.usual + (ms - this.usual) / 4;
    const queued = this.most * (1 - Math.min(...this.times) / this.usual);
    if (this.answers % RECENT === 0) this.most = 1; // how quick is an answer that waits for no other of ours?
    else if (queued > 0.7) this.most = Math.max(1, this.most - 1);
    else if (queued < 0.35) this.most = Math.min(IN_FLIGHT, this.most + 1);
  }
}
