// One ink and one paper for each place where a copy can stand. The word stands with it wherever it has room, and always
// in the card and for whoever listens.
export type Paint = { ink: string; paper: string };

const LIGHT: Record<string, Paint> = {
  held: { ink: "#1d3557", paper: "#dbe4f0" },
  out: { ink: "#5f3d00", paper: "#f8e7c6" },
  in_transit: { ink: "#1f5560", paper: "#d8edf0" },
  sent: { ink: "#4a2a7a", paper: "#ebe3f5" },
  returned: { ink: "#3f4650", paper: "#e6e8ec" },
  archived: { ink: "#24502f", paper: "#dcecdf" },
  missing: { ink: "#9c1c14", paper: "#ffffff" },
  destroyed: { ink: "#3f4650", paper: "#ffffff" },
};

const DARK: Record<string, Paint> = {
  held: { ink: "#bcd0ec", paper: "#22344d" },
  out: { ink: "#f0cd8c", paper: "#46351a" },
  in_transit: { ink: "#a5d5de", paper: "#1d3b42" },
  sent: { ink: "#d3bff0", paper: "#37294d" },
  returned: { ink: "#c4c9d1", paper: "#33383f" },
  archived: { ink: "#a9d6b4", paper: "#22402b" },
  missing: { ink: "#ff9a90", paper: "#1b1b1d" },
  destroyed: { ink: "#c4c9d1", paper: "#1b1b1d" },
};

export function paintOf(status: string, dark: boolean): Paint {
  const all = dark ? DARK : LIGHT;
  return all[status] ?? (all.returned as Paint);
}
