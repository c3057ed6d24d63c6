// What a scan sounds like, for eyes that are on the papers: one high tone for good, two low ones for what needs a look.
const KEPT = "ruping.sound";

type Tone = { hertz: number; from: number; long: number };

const TONES: Record<"good" | "bad", Tone[]> = {
  good: [{ hertz: 1046, from: 0, long: 0.09 }],
  bad: [
    { hertz: 247, from: 0, long: 0.16 },
    { hertz: 185, from: 0.2, long: 0.24 },
  ],
};

const LOUD = 0.2;
let context: AudioContext | undefined;

export function isMuted(): boolean {
  return localStorage.getItem(KEPT) === "off";
}

export function mute(muted: boolean) {
  localStorage.setItem(KEPT, muted ? "off" : "on");
}

export function sound(kind: "good" | "bad") {
  if (isMuted() || typeof AudioContext === "undefined") {
    return;
  }
  context ??= new AudioContext();
  // WHY: a browser lets a page sound only after somebody has touched it; a scanner's keys count
  void context.resume();
  for (const tone of TONES[kind]) {
    const begins = context.currentTime + tone.from;
    const source = context.createOscillator();
    const loudness = context.createGain();
    source.frequency.value = tone.hertz;
    loudness.gain.setValueAtTime(LOUD, begins);
    // a tone that is cut off clicks
    loudness.gain.exponentialRampToValueAtTime(0.001, begins + tone.long);
    source.connect(loudness).connect(context.destination);
    source.start(begins);
    source.stop(begins + tone.long);
  }
}
