// What pages ask about the rules of the house.
import { useQuery } from "@tanstack/react-query";
import { api, got } from "../../api/client";

export function usePacks() {
  return useQuery({ queryKey: ["packs"], queryFn: () => got(api.GET("/api/v1/packs")) });
}

export function useSource(key: string) {
  return useQuery({
    queryKey: ["packs", key],
    queryFn: () => got(api.GET("/api/v1/packs/registers/{key}", { params: { path: { key } } })),
  });
}

export function usePolicies() {
  return useQuery({ queryKey: ["policies"], queryFn: () => got(api.GET("/api/v1/policies")) });
}
