package io.boostnet.jobs.dashboard;

import java.nio.file.Files;
import java.nio.file.Path;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;

/**
 * Takes the picture of README: opens a live page in Chromium, lets it run, and writes what is seen.
 * Arguments: URL, seconds to wait, PNG file.
 */
public final class Screenshot {

  private Screenshot() {}

  public static void main(String[] args) throws Exception {
    ChromeOptions options = new ChromeOptions().setBinary("/usr/bin/chromium");
    options.addArguments(
        "--headless=new", "--no-sandbox", "--disable-gpu", "--window-size=1300,1560");
    ChromeDriver driver =
        new ChromeDriver(
            new ChromeDriverService.Builder()
                .usingDriverExecutable(Path.of("/usr/bin/chromedriver").toFile())
                .build(),
            options);
    try {
      driver.get(args[0]);
      Thread.sleep(1000L * Long.parseLong(args[1]));
      Files.write(Path.of(args[2]), driver.getScreenshotAs(OutputType.BYTES));
    } finally {
      driver.quit();
    }
  }
}
