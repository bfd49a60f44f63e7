import { confirmTask, refuseTask, takeTask } from "../../gateway/model/work";
import { MEERA, withGateway } from "./support";

test("a provider from the program to the dashboard", () =>
  withGateway(async ({ post, good, get, gateway, url, probes }) => {
    const { status, body, headers } = await post(good());
    expect([status, body.status, headers.get("etag")]).toEqual([201, "pending", '"1"']);
    expect(body.task).toEqual({ id: "1", url: `${url}/tasks/1`, kind: "add", state: "open" });
    expect(probes()).toBe(1);
    takeTask(gateway, 1, MEERA);
    expect((await get(body.id)).body.task.state).toBe("taken");
    confirmTask(gateway, 1, MEERA);
    const read = (await get(body.id)).body;
    expect(read).toMatchObject({ status: "active", revision: 1 });
    expect(read).not.toHaveProperty("task");
  }));

test("a refusal comes back with its reason, and the same again opens the task again", () =>
  withGateway(async ({ post, put, good, get, gateway }) => {
    const { body } = await post(good());
    takeTask(gateway, 1, MEERA);
    refuseTask(gateway, 1, MEERA, "The number is not approved.");
    expect((await get(body.id)).body).toMatchObject({
      status: "refused",
      statusReason: "The number is not approved.",
      task: { id: "1", state: "refused" },
      revision: 1,
    });
    const again = (await put(body.id, 1, good())).body;
    expect(again).toMatchObject({ status: "pending", task: { id: "1", state: "open" }, revision: 1 });
    expect(again).not.toHaveProperty("statusReason");
  }));
