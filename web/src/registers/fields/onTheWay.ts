// Files that are on their way to the server. WHY a form knows: what is sent before they are there goes without them.
import { createContext, useCallback, useContext, useState } from "react";

type Hold = () => () => void;

const OnTheWay = createContext<Hold>(() => () => undefined);

export const OnTheWayProvider = OnTheWay.Provider;

/** Says that something is on its way, until what it returns is called. */
export function useHold(): Hold {
  return useContext(OnTheWay);
}

/** How many are on their way, for the form around them. */
export function useOnTheWay(): [number, Hold] {
  const [count, put] = useState(0);
  const hold = useCallback(() => {
    put((one) => one + 1);
    return () => put((one) => one - 1);
  }, []);
  return [count, hold];
}
