// Asks with Go's own client: many requests at once, an upload, and trailers.
package main

import (
	"bytes"
	"crypto/tls"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"sync"
	"time"
)

const many = 200

func fail(what string, arguments ...any) {
	fmt.Printf(what+"\n", arguments...)
	os.Exit(1)
}

func ask(client *http.Client, request *http.Request) (*http.Response, []byte) {
	response, err := client.Do(request)
	if err != nil {
		fail("%s: %v", request.URL, err)
	}
	body, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != 200 || response.ProtoMajor != 2 {
		fail("%s: %s %s %v", request.URL, response.Proto, response.Status, err)
	}
	return response, body
}

func get(client *http.Client, url string) (*http.Response, []byte) {
	request, _ := http.NewRequest("GET", url, nil)
	request.Header.Set("TE", "trailers")
	return ask(client, request)
}

func main() {
	url := os.Args[1]
	protocols := new(http.Protocols)
	protocols.SetHTTP2(true)
	protocols.SetUnencryptedHTTP2(true)
	transport := &http.Transport{Protocols: protocols, TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}
	client := &http.Client{Transport: transport, Timeout: 60 * time.Second}
	get(client, url+"/")
	var waiting sync.WaitGroup
	for number := 0; number < many; number++ {
		waiting.Add(1)
		go func() {
			defer waiting.Done()
			if _, body := get(client, url+"/sized?count=100000&pieces=1"); len(body) != 100000 {
				fail("%d bytes of 100000", len(body))
			}
		}()
	}
	waiting.Wait()
	upload, _ := http.NewRequest("POST", url+"/sink", bytes.NewReader(make([]byte, 20_000_000)))
	if _, body := ask(client, upload); !strings.HasPrefix(string(body), "[20000000,") {
		fail("an upload was read as %s", body)
	}
	response, body := get(client, url+"/trailers")
	if values := response.Trailer["X-Checksum"]; string(body) != "with trailers" || len(values) != 2 {
		fail("trailers: %q %v", body, response.Trailer)
	}
	fmt.Println("ok")
}
