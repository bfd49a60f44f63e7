import { PolicyPack } from "@pulumi/policy";
import { POLICIES } from "./policies";

/**
 * The policy pack: `pulumi up --policy-pack node_modules/pulumi-clevertap-whatsapp/policy`. The engine runs each policy on
 * what a program declares, before anything is changed.
 */
new PolicyPack("clevertap-whatsapp", { policies: POLICIES });
