// What a session leaves in its tab, and what goes with it when somebody logs out.
export const KEPT = "ruping.pile";

export function dropPile() {
  sessionStorage.removeItem(KEPT);
}
