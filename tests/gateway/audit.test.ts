import { auditDiff, type Report } from "../../audit";
import { exportLog } from "../../gateway/model/views";
import { askForLook, confirmTask, matchLook, takeTask } from "../../gateway/model/work";
import { inFolder } from "../audit/support/folder";
import { exported, resource } from "../audit/support/states";
import { Driver } from "../reliability/driver";
import { goodArguments } from "../support/arguments";
import { ACCOUNT, ADMIN, ARUN, MEERA, type Scene, withGateway } from "./support";

/** A state and the log of the gateway that made it, as an auditor gets them. */

/** The change of the one provider, and what stands behind it. */
async function audited(scene: Scene, driver: Driver): Promise<string[]> {
  const { id, state } = driver.resources[0] as { id: string; state: Record<string, unknown> };
  const wanted = { name: "a", number: "919999999999", nickname: "x", key: "1", id };
  const { apiKey, sid, headers, ...outputs } = state;
  const lines = exportLog(scene.gateway, ADMIN).map((line) => `${JSON.stringify(line)}\n`);
  return inFolder(async (write) => {
    const report: Report = await auditDiff(
      write("before.json", exported("2026-01-01T00:00:00Z", [])),
      write("after.json", exported(new Date().toISOString(), [resource({ ...wanted, outputs })])),
      { gatewayLog: write("log.jsonl", lines.join("")) },
    );
    expect(report.log).toEqual({ source: expect.any(String), lines: lines.length });
    const [change] = report.changes;
    const [confirmation] = report.confirmations;
    return [
      `${change?.logged?.as} ${change?.logged?.by} ${change?.logged?.task}`,
      `${confirmation?.evidence} ${confirmation?.by}`,
    ];
  });
}

test("waiting, attested, and still attested while a look is asked for", () =>
  withGateway(async (scene) => {
    const driver = new Driver({ endpoint: scene.url, accountId: ACCOUNT.id, passcode: ACCOUNT.passcode });
    await driver.up({ a: goodArguments(scene.sandbox) });
    expect(await audited(scene, driver)).toEqual(["waiting pulumi 1", "waiting pulumi"]);
    takeTask(scene.gateway, 1, MEERA);
    expect(await audited(scene, driver)).toEqual(["waiting meera 1", "waiting meera"]);
    confirmTask(scene.gateway, 1, MEERA);
    await driver.refresh();
    expect(await audited(scene, driver)).toEqual(["attested meera 1", "attested meera"]);
    const { n } = askForLook(scene.gateway, (driver.resources[0] as { id: string }).id, ARUN);
    expect(await audited(scene, driver)).toEqual(["attested meera 1", "attested meera"]);
    takeTask(scene.gateway, n, ARUN);
    matchLook(scene.gateway, n, ARUN);
    expect(await audited(scene, driver)).toEqual([`attested arun ${n}`, "attested arun"]);
  }));
